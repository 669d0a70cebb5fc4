/** Where the tests find the server, and what they were given. */

const port = process.env.BATTLESCOPE_E2E_PORT ?? "18080";

export const listen = `127.0.0.1:${port}`;
export const baseURL = `http://${listen}`;

/** The binary under test. */
export const binary = process.env.BATTLESCOPE_BIN;

/** Killmails to import before the tests, one JSON document a line. Without it the tests make their own. */
export const givenFixture = process.env.BATTLESCOPE_FIXTURE;

/** Port of the feed that the server under test reads. */
export const feedPort = String(Number(port) + 1);

/** Path of the link that makes the browser that opens it first the administrator's. */
export const adminLink = (): string => process.env.BATTLESCOPE_E2E_ADMIN ?? "";
