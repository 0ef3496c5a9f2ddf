/**
 * @file Keeps where a student left a lab, in this browser.
 *
 * In IndexedDB: an LMS may clear the localStorage of its site, as Moodle does at each login. Where the
 * browser forbids it nothing is kept, and nothing fails.
 */

/** @typedef {{objects: any[], text: string}} Saved */

const DATABASE = "obd.cluster-lab.1";
const LABS = "labs";

/** A database that has not answered after this long is not waited for (milliseconds). */
const PATIENCE = 1500;

/** @param {string} key @returns {Promise<Saved|null>} */
export async function kept(key) {
  const patience = new Promise((resolve) => setTimeout(() => resolve(null), PATIENCE));
  const asked = within("readonly", (labs) => labs.get(key)).catch(() => null);
  const found = await Promise.race([asked, patience]);
  return Array.isArray(found?.objects) && typeof found.text === "string" ? found : null;
}

/** @param {string} key @param {Saved|null} saved null forgets it */
export async function keep(key, saved) {
  // JSON only: an object with a getter or a proxy could not be stored
  const plain = saved && JSON.parse(JSON.stringify(saved));
  const store = (/** @type {IDBObjectStore} */ labs) => (plain ? labs.put(plain, key) : labs.delete(key));
  await within("readwrite", store).catch(() => {});
}

/** @type {Promise<IDBDatabase>|null} */
let opened = null;

/** @returns {Promise<IDBDatabase>} */
function database() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(LABS);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const { result } = request;
      result.onversionchange = () => result.close();
      resolve(result);
    };
  });
  return opened;
}

/**
 * @param {IDBTransactionMode} mode
 * @param {(labs: IDBObjectStore) => IDBRequest} action
 * @returns {Promise<any>} what the action found, once it is done for good
 */
async function within(mode, action) {
  const transaction = (await database()).transaction(LABS, mode);
  const request = action(transaction.objectStore(LABS));
  transaction.commit?.(); // the page may be about to leave
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error);
  });
}
