/** After these waits a mail or a text message is tried again; after the last it has failed. */
export const WAITS = ['1 minute', '5 minutes', '30 minutes', '2 hours', '8 hours'] as const

/** Longer than any server takes to answer: what nobody came back from is tried again after it. */
export const UNDER_WAY = '5 minutes'
