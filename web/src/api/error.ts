/** Everything that can go wrong with a request, in words a player can act on. */

/** An answer of the API that is not a success, after RFC 9457. */
export class ApiError extends Error {
  override name = "ApiError";
  readonly status: number;
  /** What to do about it; "" when the server has no advice. */
  readonly hint: string;
  /** Names the request in the server's log; "" when the server sent none. */
  readonly requestId: string;
  /** Tells apart problems of one status; "about:blank" when the status says it all. */
  readonly type: string;

  constructor(status: number, detail: string, hint = "", requestId = "", type = "about:blank") {
    super(detail);
    this.status = status;
    this.hint = hint;
    this.requestId = requestId;
    this.type = type;
  }

  get notFound(): boolean {
    return this.status === 404;
  }
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** Builds the error from a response and its body, which may be anything a proxy made up. */
export function apiError(response: Response, body: unknown): ApiError {
  const problem = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  const detail = text(problem.detail) || text(problem.title) || `the server answered ${response.status}`;
  const id = text(problem.request_id) || (response.headers.get("X-Request-Id") ?? "");
  return new ApiError(response.status, detail, text(problem.hint), id, text(problem.type) || undefined);
}

/** The error of a request that got no answer at all. */
export function unreachable(): ApiError {
  return new ApiError(0, "the server cannot be reached", "check your connection; the page keeps trying");
}
