// The LMS side of SCORM 1.2 for one launch of one SCO: scorm-again's data model, behind the
// limits that it leaves to the LMS. Strict on purpose: what a strict LMS refuses, we refuse.

/**
 * @typedef {object} Launch what the manifest says of an item
 * @property {string} identifier
 * @property {string} title
 * @property {string} href
 * @property {boolean} is_sco
 * @property {string} mastery_score
 * @property {string} launch_data
 */

/** @typedef {Record<string, string>} CmiRecord element to text, as the LMS keeps it */

/**
 * @typedef {object} Listeners
 * @property {(name: string, args: unknown[], result: string, fault: string) => void} called
 *   each call of the SCO; `fault` is "" or says what a strict LMS holds against it
 * @property {(cmi: Record<string, unknown>) => void} committed the data to store
 */

const STUDENT = { "cmi.core.student_id": "student-1", "cmi.core.student_name": "Student, Sample" };

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

const NOT_INITIALIZED = "301";
const INCORRECT_DATA_TYPE = "405";

/**
 * The data with which a launch begins: what the student left, and what the manifest says.
 * @param {Launch} launch
 * @param {CmiRecord | undefined} record
 * @returns {CmiRecord}
 */
function startingData(launch, record) {
  const { "cmi.core.exit": exit, "cmi.core.session_time": _, ...kept } = record ?? {};
  const resumed = exit === "suspend" ? "resume" : "";
  return {
    ...kept,
    ...STUDENT,
    "cmi.core.credit": "credit",
    "cmi.core.lesson_mode": "normal",
    "cmi.core.entry": record ? resumed : "ab-initio",
    "cmi.student_data.mastery_score": launch.mastery_score,
    "cmi.launch_data": launch.launch_data,
  };
}

/**
 * An `API` object for the SCO of this launch.
 * @param {new (settings: object) => any} Scorm12API scorm-again's class
 * @param {Launch} launch
 * @param {CmiRecord | undefined} record what the LMS holds of it from earlier launches
 * @param {Listeners} listeners
 */
export function createApi(Scorm12API, launch, record, listeners) {
  const lms = new Scorm12API({
    autocommit: false,
    // The address only switches commits on: they go through httpService.
    lmsCommitUrl: "/lms/records",
    dataCommitFormat: "flattened",
    alwaysSendTotalTime: true,
    autoCompleteLessonStatus: true,
    mastery_override: true,
    logLevel: 5,
    httpService: {
      processHttpRequest(/** @type {string} */ _url, /** @type {Record<string, unknown>} */ cmi) {
        listeners.committed(cmi);
        return { result: "true", errorCode: 0 };
      },
      updateSettings() {},
    },
  });
  lms.loadFromFlattenedJSON(startingData(launch, record));

  /** Has LMSFinish succeeded? A session never begins again, and scorm-again still takes values. */
  let finished = false;
  /** The error of a call that we refused; "" while scorm-again's own error counts. */
  let refused = "";

  /** @param {string} element @param {string} value @returns {string} */
  const broken = (element, value) => {
    const index = /^cmi\.(interactions|objectives)\.(\d+)\./.exec(element);
    if (index && Number(index[2]) > lms.cmi[index[1]].childArray.length) {
      return `${index[1]} are numbered from 0 without gaps`;
    }
    return RULES.find(([name, accepts]) => name.test(element) && !accepts(value))?.[2] ?? "";
  };

  /** Why a strict LMS refuses the call: its error and a sentence. @returns {[string, string]} */
  const refusal = (/** @type {string} */ name, /** @type {unknown[]} */ args) => {
    if (finished && name !== "LMSInitialize") return [NOT_INITIALIZED, "the session is over"];
    const fault = name === "LMSSetValue" ? broken(String(args[0]), String(args[1])) : "";
    return fault ? [INCORRECT_DATA_TYPE, fault] : ["", ""];
  };

  /** @param {string} name @param {unknown[]} args @returns {string} */
  const act = (name, args) => {
    let [error, fault] = refusal(name, args);
    refused = error;
    let result = name === "LMSGetValue" ? "" : "false";
    if (!refused) {
      result = String(lms[name](...args));
      error = String(lms.lastErrorCode);
      if (error !== "0") fault = lms.LMSGetErrorString(error);
      finished ||= name === "LMSFinish" && result === "true";
    }
    listeners.called(name, args, result, fault && `error ${error}: ${fault}`);
    return result;
  };

  /** @param {string} name @param {unknown[]} args @returns {string} */
  const explain = (name, args) => {
    const own = name === "LMSGetLastError" && refused;
    const result = own || String(lms[name](...args));
    listeners.called(name, args, result, "");
    return result;
  };

  const methods = (/** @type {string[]} */ names, /** @type {typeof act} */ method) =>
    names.map((name) => [name, (/** @type {unknown[]} */ ...args) => method(name, args)]);
  return Object.fromEntries([
    ...methods(["LMSInitialize", "LMSFinish", "LMSGetValue", "LMSSetValue", "LMSCommit"], act),
    ...methods(["LMSGetLastError", "LMSGetErrorString", "LMSGetDiagnostic"], explain),
  ]);
}
