/** Codes that say that there are too many calls. */
const THROTTLED: ReadonlySet<string> = new Set([
  "BandwidthLimitExceeded",
  "EC2ThrottledException",
  "LimitExceededException",
  "PriorRequestNotComplete",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "RequestThrottled",
  "RequestThrottledException",
  "SlowDown",
  "ThrottledException",
  "Throttling",
  "ThrottlingException",
  "TooManyRequestsException",
  "TransactionInProgressException",
]);

/** Codes of what may go well the next time. */
const PASSING: ReadonlySet<string> = new Set([
  "EAI_AGAIN",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
  "IDPCommunicationError",
  "RequestTimeout",
  "RequestTimeoutException",
  "TimeoutError",
  "UND_ERR_SOCKET",
  "answer_incomplete",
  // The clock of this machine is wrong: the SDK has corrected it meanwhile.
  "AuthFailure",
  "InvalidSignatureException",
  "RequestInTheFuture",
  "RequestTimeTooSkewed",
  "SignatureDoesNotMatch",
]);

const PASSING_STATUS: ReadonlySet<number> = new Set([500, 502, 503, 504]);

/** Codes of keys that have ended. */
const EXPIRED: ReadonlySet<string> = new Set([
  "ExpiredToken",
  "ExpiredTokenException",
  "RequestExpired",
]);

/** Codes that are about the clock only when the SDK says so. */
const CLOCK: ReadonlySet<string> = new Set([
  "AuthFailure",
  "InvalidSignatureException",
  "SignatureDoesNotMatch",
]);

/** Why a call failed, and what helps. */
export interface CallFault {
  /** The code that AWS gave, or one of ours. */
  readonly code: string;
  /** What AWS said. */
  readonly message: string;
  /** Whether there are too many calls. */
  readonly throttled: boolean;
  /** Whether the same call may go well the next time. */
  readonly passing: boolean;
  /** Whether the keys have ended. */
  readonly expired: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The code of what the SDK threw. */
function codeOf(error: Fields): string {
  // Only what a service answered has a fault: it is named by the code.
  if (error["$fault"] !== undefined) {
    const name = text(error["name"]);
    if (name !== undefined && name !== "UnknownError") return name;
    return text(error["Code"]) ?? name ?? "Unknown";
  }
  const code = text(error["code"]);
  if (code !== undefined) return code;
  const { name } = error;
  // An answer that came, but could not be read, is an error without a name.
  if (name === "Error" || name === "SyntaxError") {
    return error["$metadata"] === undefined
      ? "call_failed"
      : "answer_malformed";
  }
  return text(name) ?? "call_failed";
}

/** What AWS said, without the parts that only machines read. */
function messageOf(error: Fields): string {
  return String(error["message"] ?? "")
    .replace(/\s*Encoded authorization failure message:[^]*$/, "")
    .replace(/\s*Deserialization error: to see[^]*$/, "")
    .slice(0, 500);
}

/** Reads what the SDK threw. */
export function callFaultOf(thrown: unknown): CallFault {
  const error = thrown as Fields;
  const code = codeOf(error);
  const metadata = (error["$metadata"] ?? {}) as Fields;
  const status = Number(metadata["httpStatusCode"]);
  const hint = error["$retryable"] as { throttling?: boolean } | undefined;
  const throttled = THROTTLED.has(code) || status === 429 ||
    hint?.throttling === true;
  const passing = CLOCK.has(code)
    ? metadata["clockSkewCorrected"] === true
    : PASSING.has(code) || PASSING_STATUS.has(status) || hint !== undefined ||
      // A refusal that cannot be read is one all the same.
      (code === "answer_malformed" && !(status >= 400));
  return {
    code,
    message: messageOf(error),
    throttled,
    passing: throttled || passing,
    expired: EXPIRED.has(code),
  };
}
