import pino, { type Logger } from 'pino'
import type { Config } from './config.ts'

/**
 * The log: one JSON object a line, on the error stream, so that it never mixes with what a command answers. What could
 * tell about a person (headers, addresses, query strings) is not handed to it.
 */
export const openLog = ({ HAMSAFAR_LOG }: Pick<Config, 'HAMSAFAR_LOG'>): Logger =>
  pino(
    { level: HAMSAFAR_LOG, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ fd: 2, sync: true }),
  )
