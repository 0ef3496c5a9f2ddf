// SCORM 1.2 as a strict LMS speaks it (RTE 3.4): names, first data, and what is refused.

/** @typedef {import("./lms.js").Dialect} Dialect */

const TIMESPAN = /^\d{2,4}:\d{2}:\d{2}(\.\d{1,2})?$/;
const TIME = /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,2})?$/;

/**
 * What scorm-again accepts and SCORM 1.2 does not (RTE 3.4.4 and the table of types, 3.4.7).
 * @type {Array<[RegExp, (value: string) => boolean, string]>}
 */
const RULES = [
  [/^cmi\.suspend_data$/, (v) => v.length <= 4096, "suspend_data holds 4,096 characters"],
  [/^cmi\.core\.lesson_location$/, (v) => v.length <= 255, "lesson_location holds 255 characters"],
  [/\.student_response$|\.pattern$/, (v) => v.length <= 255, "a response holds 255 characters"],
  [/\.(session_time|latency)$/, (v) => TIMESPAN.test(v), "a timespan is HHHH:MM:SS.SS"],
  [/^cmi\.interactions\.\d+\.time$/, (v) => TIME.test(v), "a time is HH:MM:SS.SS"],
  [
    /^cmi\.interactions\.\d+\.result$/,
    (v) => /^(correct|wrong|unanticipated|neutral|\d+(\.\d+)?)$/.test(v),
    "a result is correct, wrong, unanticipated, neutral or a number",
  ],
  [
    /^cmi\.core\.exit$/,
    (v) => ["time-out", "suspend", "logout", ""].includes(v),
    "exit is time-out, suspend, logout or empty",
  ],
];

/** @type {Dialect} */
export const scorm12 = {
  global: "API",
  scormAgain: "Scorm12API",
  calls: {
    initialize: "LMSInitialize",
    terminate: "LMSFinish",
    get: "LMSGetValue",
    set: "LMSSetValue",
    commit: "LMSCommit",
    lastError: "LMSGetLastError",
    errorString: "LMSGetErrorString",
    diagnostic: "LMSGetDiagnostic",
  },
  settings: { mastery_override: true },
  errors: { ended: { get: "301", set: "301", commit: "301", terminate: "301" }, badValue: "405" },

  startingData(launch, record) {
    const { "cmi.core.exit": exit, "cmi.core.session_time": _, ...kept } = record ?? {};
    const resumed = exit === "suspend" ? "resume" : "";
    return {
      ...kept,
      "cmi.core.student_id": "student-1",
      "cmi.core.student_name": "Student, Sample",
      "cmi.core.credit": "credit",
      "cmi.core.lesson_mode": "normal",
      "cmi.core.entry": record ? resumed : "ab-initio",
      "cmi.student_data.mastery_score": launch.mastery_score,
      "cmi.launch_data": launch.launch_data,
    };
  },

  // A SCO that has set no status is completed when it ends (RTE 3.4.4, cmi.core.lesson_status).
  // scorm-again has a setting for it, but takes its own first value for one that the SCO has set.
  end({ core }) {
    if (core.lesson_status === "not attempted") core.lesson_status = "completed";
  },

  broken(element, value, cmi) {
    const index = /^cmi\.(interactions|objectives)\.(\d+)\./.exec(element);
    if (index && Number(index[2]) > cmi[index[1]].childArray.length) {
      return `${index[1]} are numbered from 0 without gaps`;
    }
    return RULES.find(([name, accepts]) => name.test(element) && !accepts(value))?.[2] ?? "";
  },

  progress(record) {
    return {
      status: record["cmi.core.lesson_status"] ?? "not attempted",
      score: record["cmi.core.score.raw"] ?? "",
    };
  },

  opened: { "cmi.core.lesson_status": "completed" },
};
