const UTF8 = new TextEncoder();

/**
 * The 32-bit FNV-1a hash of a text's UTF-8 bytes: tells texts apart, keeps no secret.
 *
 * @param {string} text
 * @returns {number} 0 … 2^32 - 1
 */
export function fnv1a(text) {
  let hash = 0x811c9dc5;
  for (const byte of UTF8.encode(text)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return hash >>> 0;
}
