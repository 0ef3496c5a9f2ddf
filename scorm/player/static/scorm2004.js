// SCORM 2004 as a strict LMS speaks it (RTE 4.2, 3rd and 4th edition): names, first data, and
// what ADL's players or Moodle refuse although scorm-again takes it.

/** @typedef {import("./lms.js").Dialect} Dialect */

const DURATION = /^P(?=.)(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d{1,2})?S)?)?$/;
// A time zone may follow a fraction of a second only (RTE 4.1.1.7).
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,2}(Z|[+-]\d\d(:\d\d)?)?)?$/;
const REAL = /^-?\d{1,4}(\.\d{1,7})?$/;
const SHORT_IDENTIFIER = /^[A-Za-z0-9_.]{1,250}$/;
/** As Moodle wants it; the standard takes any text as a step's answer. */
const STEP = /^\w{0,250}\[\.\]\w{0,250}$/;

/** @param {string} value @param {string} separator @param {number} most @param {RegExp} form */
const isList = (value, separator, most, form) => {
  const parts = value.split(separator);
  return parts.length <= most && parts.every((part) => form.test(part));
};

/** @param {string} value */
const isLine = (value) =>
  isList(value, "[,]", 10, /^[^\n\r]{0,250}$/) && value !== "" && !value.startsWith("{");

/**
 * How a learner's response is written, and how a correct one is where that differs (RTE 4.2.9.1).
 * @type {Record<string, {response: (value: string) => boolean, pattern?: (value: string) => boolean}>}
 */
const RESPONSES = {
  choice: { response: (v) => isList(v, "[,]", 36, SHORT_IDENTIFIER) },
  "true-false": { response: (v) => v === "true" || v === "false" },
  numeric: {
    response: (v) => REAL.test(v),
    pattern: (v) => v.split("[:]").length === 2 && isList(v, "[:]", 2, REAL),
  },
  "fill-in": { response: isLine },
  performance: { response: (v) => isList(v, "[,]", 250, STEP) },
};

/**
 * What ADL's players or Moodle refuse although scorm-again takes it: element, test, and why not.
 * @type {Array<[RegExp, (value: string) => boolean, string]>}
 */
const RULES = [
  [/^cmi\.suspend_data$/, (v) => v.length <= 64_000, "suspend_data holds 64,000 characters"],
  [/^cmi\.location$/, (v) => v.length <= 1000, "location holds 1,000 characters"],
  [/\.(session_time|latency)$/, (v) => DURATION.test(v), "a duration is PT1H2M3.45S"],
  [/\.timestamp$/, (v) => TIME.test(v), "a time is 2026-01-31T10:00:00 or …00.12Z"],
  [
    /\.(scaled|raw|min|max|weighting|progress_measure)$/,
    (v) => REAL.test(v),
    "a number has up to 4 digits and 7 decimals, and no exponent",
  ],
  [
    /^cmi\.interactions\.\d+\.result$/,
    (v) => /^(correct|incorrect|unanticipated|neutral)$/.test(v) || REAL.test(v),
    "a result is correct, incorrect, unanticipated, neutral or a number",
  ],
  [/\.description$/, (v) => v.length <= 250 && isLine(v), "a description is a line of 250"],
];

/** @type {Dialect} */
export const scorm2004 = {
  global: "API_1484_11",
  scormAgain: "Scorm2004API",
  calls: {
    initialize: "Initialize",
    terminate: "Terminate",
    get: "GetValue",
    set: "SetValue",
    commit: "Commit",
    lastError: "GetLastError",
    errorString: "GetErrorString",
    diagnostic: "GetDiagnostic",
  },
  settings: {},
  errors: { ended: { get: "123", set: "133", commit: "143", terminate: "113" }, badValue: "406" },

  startingData(launch, record) {
    const { "cmi.exit": exit, "cmi.session_time": _, ...kept } = record ?? {};
    const resumed = exit === "suspend" ? "resume" : "";
    return {
      ...kept,
      "cmi.learner_id": "student-1",
      "cmi.learner_name": "Student, Sample",
      "cmi.credit": "credit",
      "cmi.mode": "normal",
      "cmi.entry": record ? resumed : "ab-initio",
      "cmi.scaled_passing_score": launch.mastery_score,
      "cmi.completion_threshold": launch.completion_threshold,
      "cmi.launch_data": launch.launch_data,
    };
  },

  // What the SCO has not told stays unknown (RTE 4.2.4, 4.2.22).
  end() {},

  broken(element, value, cmi) {
    const response = /^cmi\.interactions\.(\d+)\.(learner_response|.*pattern)$/.exec(element);
    if (response) {
      const type = cmi.interactions.childArray[Number(response[1])]?.type ?? "";
      const forms = RESPONSES[type];
      const form = (response[2] !== "learner_response" && forms?.pattern) || forms?.response;
      return form && !form(value) ? `this is not how a ${type} response is written` : "";
    }
    return RULES.find(([name, accepts]) => name.test(element) && !accepts(value))?.[2] ?? "";
  },

  progress(record) {
    const success = record["cmi.success_status"] ?? "unknown";
    const completion = record["cmi.completion_status"] ?? "not attempted";
    return {
      status: success === "unknown" ? completion : success,
      score: record["cmi.score.raw"] ?? record["cmi.score.scaled"] ?? "",
    };
  },

  opened: { "cmi.completion_status": "completed" },
};
