/** Whoever wants to offer work is answered within three days. */
const REVIEW_TERM = { hours: 72 } as const

/** Until when an officer decides about what came in then. */
export const reviewDue = (asked_at: Temporal.Instant): Temporal.Instant => asked_at.add(REVIEW_TERM)
