// The LMS side of SCORM for one launch of one SCO: scorm-again's data model, behind the limits
// that it leaves to the LMS. Strict on purpose: what a strict LMS refuses, we refuse.

/**
 * @typedef {object} Launch what the package says of an item
 * @property {string} identifier
 * @property {string} title
 * @property {string} href
 * @property {boolean} is_sco
 * @property {string} mastery_score
 * @property {string} launch_data
 * @property {string} completion_threshold
 */

/** @typedef {Record<string, string>} CmiRecord element to text, as the LMS keeps it */

/**
 * @typedef {object} Dialect what differs between the versions of SCORM
 * @property {string} global where a SCO finds the API
 * @property {string} scormAgain the name of scorm-again's class
 * @property {Record<"initialize"|"terminate"|"get"|"set"|"commit"|"lastError"|"errorString"
 *   |"diagnostic", string>} calls
 * @property {object} settings of scorm-again
 * @property {{ended: Record<string, string>, badValue: string}} errors after the session's end,
 *   by call, and for a value that is refused
 * @property {(launch: Launch, record: CmiRecord|undefined) => CmiRecord} startingData what the
 *   student left, and what the manifest says
 * @property {(cmi: any) => void} end what the LMS adds to the data when the SCO ends its session
 * @property {(element: string, value: string, cmi: any) => string} broken why a value is refused,
 *   "" where it is not
 * @property {(record: CmiRecord) => {status: string, score: string}} progress
 * @property {CmiRecord} opened the record of an opened asset, which cannot report for itself
 */

/**
 * @typedef {object} Listeners
 * @property {(name: string, args: unknown[], result: string, fault: string) => void} called
 *   each call of the SCO; `fault` is "" or says what a strict LMS holds against it
 * @property {(cmi: Record<string, unknown>) => boolean} commit stores the data; does the LMS's
 *   server say that it has?
 * @property {() => string} failure what goes wrong on demand, "" while all is well
 */

/** The general exception of both versions. */
const GENERAL = "101";
/** An element has no value yet: SCORM 2004 answers so, and asking is no fault (RTE 3.1.7.5). */
const NO_VALUE = "403";

/**
 * An API object for the SCO of this launch.
 * @param {Dialect} dialect
 * @param {Launch} launch
 * @param {CmiRecord | undefined} record what the LMS holds of it from earlier launches
 * @param {Listeners} listeners
 */
export function createApi(dialect, launch, record, listeners) {
  const { calls, errors } = dialect;
  const ScormApi = /** @type {any} */ (window)[dialect.scormAgain];
  const lms = new ScormApi({
    autocommit: false,
    // The address only switches commits on: they go through httpService.
    lmsCommitUrl: "/lms/commit",
    dataCommitFormat: "flattened",
    alwaysSendTotalTime: true,
    logLevel: 5,
    ...dialect.settings,
    httpService: {
      processHttpRequest(/** @type {string} */ _url, /** @type {Record<string, unknown>} */ cmi) {
        return listeners.commit(cmi)
          ? { result: "true", errorCode: 0 }
          : { result: "false", errorCode: Number(GENERAL) };
      },
      updateSettings() {},
    },
  });
  lms.loadFromFlattenedJSON(dialect.startingData(launch, record));

  /** Is the session over? It never begins again; scorm-again would still take values then. */
  let ended = false;
  /** The error of a call that we refused; "" while scorm-again's own error counts. */
  let refused = "";

  /** Why the call is refused: its error and a sentence. @returns {[string, string]} */
  const refusal = (/** @type {string} */ call, /** @type {unknown[]} */ args) => {
    if (ended && call in errors.ended) return [errors.ended[call], "the session is over"];
    const fault = call === "set" ? dialect.broken(String(args[0]), String(args[1]), lms.cmi) : "";
    return fault ? [errors.badValue, fault] : ["", ""];
  };

  /** @param {keyof Dialect["calls"]} call @param {unknown[]} args @returns {string} */
  const act = (call, args) => {
    const name = calls[call];
    const failure = listeners.failure();
    if (failure === "exception") {
      listeners.called(name, args, "throws", "");
      throw new Error("The LMS cannot be reached");
    }
    if (failure === "false") {
      refused = GENERAL;
      const nothing = call === "get" ? "" : "false";
      listeners.called(name, args, nothing, "");
      return nothing;
    }
    let [error, fault] = refusal(call, args);
    refused = error;
    let result = call === "get" ? "" : "false";
    if (!refused) {
      if (call === "terminate" && lms.isInitialized()) dialect.end(lms.cmi);
      result = String(lms[name](...args));
      error = String(lms.lastErrorCode);
      const isFair = error === "0" || (call === "get" && error === NO_VALUE);
      // A failure on demand is not the SCO's fault.
      if (!isFair && !failure) fault = lms[calls.errorString](error);
      ended ||= call === "terminate" && result === "true";
    }
    listeners.called(name, args, result, fault && `error ${error}: ${fault}`);
    return result;
  };

  /** @param {keyof Dialect["calls"]} call @param {unknown[]} args @returns {string} */
  const explain = (call, args) => {
    const own = call === "lastError" && refused;
    const result = own || String(lms[calls[call]](...args));
    listeners.called(calls[call], args, result, "");
    return result;
  };

  return Object.fromEntries(
    /** @type {Array<keyof Dialect["calls"]>} */ (Object.keys(calls)).map((call) => {
      const method = ["lastError", "errorString", "diagnostic"].includes(call) ? explain : act;
      return [calls[call], (/** @type {unknown[]} */ ...args) => method(call, args)];
    }),
  );
}
