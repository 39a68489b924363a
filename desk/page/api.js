/** Questions to the desk's server. */

export class ApiError extends Error {
  /** @param {number} status @param {string} reason @param {string|null} field */
  constructor(status, reason, field = null) {
    super(reason);
    this.status = status;
    this.field = field;
  }
}

/** The answer as JSON. Raises `ApiError`; status 0 stands for a server that does not answer. */
export async function ask(path, { signal } = {}) {
  let answer;
  try {
    answer = await fetch(path, { signal, headers: { Accept: "application/json" } });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError(0, "the desk does not answer");
  }
  let content = null;
  try {
    content = await answer.json();
  } catch (error) {
    if (error.name === "AbortError") throw error;
  }
  if (!answer.ok || content === null) {
    const told = content?.error;
    throw new ApiError(answer.status, told?.reason ?? `the desk answered ${answer.status}`, told?.field ?? null);
  }
  return content;
}

/** The state of the server, which also answers 503 with its reason. @returns {Promise<any>} */
export async function health() {
  const answer = await fetch("/api/health/ready", { signal: AbortSignal.timeout(8000) });
  return answer.json();
}
