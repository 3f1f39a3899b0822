// Recordings to the server in pieces: a broken line costs one piece, and the clerk sees how far it is.

import { post, Refused, request } from "./net.js";

const TRIES = 8;

/** Upload a file. told(fraction) is called as it goes. Resolves to {token, name}. Throws Refused. */
export async function upload(file, told) {
  const { token, piece } = await post("/api/uploads", { name: file.name, size: file.size });
  let at = 0;
  let failures = 0;
  while (at < file.size) {
    try {
      at = (await send(token, at, file.slice(at, at + piece))).size;
      failures = 0;
      told(at / file.size);
    } catch (error) {
      if (!(error instanceof Refused) || !error.temporary || (failures += 1) > TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500 * failures));
    }
  }
  return { token, name: file.name };
}

async function send(token, at, blob) {
  return request(`/api/uploads/${token}?at=${at}`, { method: "PUT", raw: blob, timeout: 120000 });
}
