// Before the first paint, so that a chosen theme does not flash: the only script that is no module.
(function () {
  try {
    const chosen = localStorage.getItem("muster.theme");
    if (chosen === "dark" || chosen === "light") document.documentElement.dataset.theme = chosen;
  } catch {
    // storage is closed to the page: the system's theme it is
  }
})();
