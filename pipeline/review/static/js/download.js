// A file from the server into the browser's downloads; it is made on request, so it is asked for as our page asks.

import { request } from "./net.js";

/** Resolves to the file's name. Throws Refused. */
export async function save(path, body) {
  const { name, blob } = await request(path, { method: "POST", body, file: true, timeout: 900000 });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  return name;
}
