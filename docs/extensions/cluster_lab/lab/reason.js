/** @file Why a request got no answer. */

/** The reason in the words that programs use. */
export function reasonOf(error, host = "") {
  const code = error?.cause?.code ?? error?.code ?? "";
  if (code === "ECONNREFUSED") return `can't connect to ${host || "the server"}: Connection refused`;
  if (code === "ENOTFOUND" || /ENOTFOUND|NXDOMAIN|resolve/.test(String(error?.cause ?? error))) {
    return `bad address '${host}'`;
  }
  return String(error?.cause?.message ?? error?.message ?? error);
}
