/** Times as the desk has them: UTC, 24 hours. */

const part = (options) => new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options });
const CLOCK = part({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const DAY = part({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
const SHORT_DAY = part({ day: "numeric", month: "short" });
const SHORT_DAY_YEAR = part({ day: "numeric", month: "short", year: "numeric" });

const usable = (at) => at && !Number.isNaN(Date.parse(at));

/** "05:45" */
export const clock = (at) => (usable(at) ? CLOCK.format(new Date(at)) : "");
/** "Friday 23 June 2017" */
export const longDay = (at) => (usable(at) ? DAY.format(new Date(at)).replace(",", "") : "without a date");
/** "23 Jun" */
export const shortDay = (at) => (usable(at) ? SHORT_DAY.format(new Date(at)) : "");
/** "23 Jun 2017" */
export const shortDate = (at) => (usable(at) ? SHORT_DAY_YEAR.format(new Date(at)) : "");
/** "23 Jun 05:45" */
export const dayAndClock = (at) => (usable(at) ? `${shortDay(at)} ${clock(at)}` : "");
/** "23 Jun 2017 05:45" */
export const dateAndClock = (at) => (usable(at) ? `${shortDate(at)} ${clock(at)}` : "");
const HOUR_MS = 3_600_000;
/** When it was raised, for a line that shows when it was published: "14:02", on another day with that; "" within the hour. */
export function raisedApart(raised, at) {
  if (!usable(raised) || !usable(at)) return "";
  if (isoDay(raised) !== isoDay(at)) return raised.slice(0, 4) === at.slice(0, 4) ? dayAndClock(raised) : dateAndClock(raised);
  return Date.parse(raised) - Date.parse(at) > HOUR_MS ? clock(raised) : "";
}
/** "2017-06-23" */
export const isoDay = (at) => (usable(at) ? new Date(at).toISOString().slice(0, 10) : "");
