// Requests to our own server, with the token that proves they come from our own page.

const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? "";

/** The account this page was loaded for; empty where nobody has to log in. */
export const person = () => meta("person");

/** Whether that person's rank is at least this one. */
export const mayAs = (rank) => RANKS.indexOf(meta("rank")) >= RANKS.indexOf(rank);

const RANKS = ["clerk", "approver", "administrator"];

/** An answer that is no success. status 0: the server could not be reached. */
export class Refused extends Error {
  constructor(status, body) {
    super(typeof body?.detail === "string" ? body.detail : "入力した内容を受け付けられませんでした。");
    this.status = status;
    this.body = body;
  }

  /** Whether the same request may succeed later. */
  get temporary() {
    return this.status === 0 || this.status === 401 || this.status === 503 || this.status === 507 || this.status === 500;
  }
}

/** Fetch as JSON. Throws Refused. After a new log-in (in another tab, say) it goes on with the new session's token. */
export async function request(path, options = {}) {
  try {
    return await fetched(path, options);
  } catch (error) {
    if (error.body?.kind !== "OldPage") throw error;
    const session = await fetched("/api/session");
    if (session.name !== person()) throw new Refused(401, { detail: "ほかの人がログインしています。ログインし直してください。" });
    document.querySelector('meta[name="csrf"]').content = session.csrf;
    return fetched(path, options);
  }
}

async function fetched(path, { method = "GET", body, raw, keepalive = false, file = false, timeout = 20000 } = {}) {
  const headers = { Accept: "application/json" };
  if (method !== "GET") headers["X-CSRF-Token"] = meta("csrf");
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(path, {
      method,
      headers,
      keepalive,
      cache: "no-store",
      body: raw ?? (body === undefined ? undefined : JSON.stringify(body)),
      signal: AbortSignal.timeout(timeout),
    });
  } catch {
    throw new Refused(0, { detail: "サーバーに接続できません。" });
  }
  if (response.status === 204) return null;
  if (file && response.ok) return { name: decodeURIComponent(response.headers.get("Content-Disposition").split("''")[1]), blob: await response.blob() };
  let found;
  try {
    found = await response.json();
  } catch {
    throw new Refused(response.ok ? 0 : response.status, { detail: "サーバーの応答が途中で切れました。" });
  }
  if (!response.ok) throw new Refused(response.status, found);
  return found;
}

export const post = (path, body, options = {}) => request(path, { method: "POST", body, ...options });
