/** No server is waited for longer than this, whatever it says. */
const MOST_SECONDS = 24 * 60 * 60

/** The seconds that a `Retry-After` asks to wait (RFC 9110, 10.2.3: seconds or a date); 0 when it says nothing we understand. */
export function retryAfter(header: string | null | undefined, now = Date.now()): number {
  if (!header) return 0
  const seconds = /^\d{1,9}$/.test(header.trim()) ? Number(header) : (Date.parse(header) - now) / 1000
  return Number.isFinite(seconds) ? Math.min(MOST_SECONDS, Math.max(0, Math.ceil(seconds))) : 0
}
