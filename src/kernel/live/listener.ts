import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Logger } from 'pino'

/** The channel on which the database tells that something people see counted has changed (`live.announce()`). */
const CHANNEL = 'hamsafar_live'
const LOOK_EVERY_MS = 20_000
const ANSWER_WITHIN_MS = 5_000
const AGAIN_MS = 500

/** What this process hears from the others, and from itself, by way of the database. */
export type Live = {
  /** Calls back after each change, and after a gap in which one may have been missed. Returns how to stop it. */
  subscribe(changed: () => void): () => void
  /** Aborted when the process stops. */
  signal: AbortSignal
  stop(): Promise<void>
}

/**
 * Listens on one connection of its own, and on a new one when that is lost. Does not wait for the first: without the
 * database pages stay as they were loaded.
 */
export function openLive(connection: pg.ClientConfig, log: Pick<Logger, 'warn'>): Live {
  const stopping = new AbortController()
  const { signal } = stopping
  const subscribers = new Set<() => void>()
  const tell = () => {
    for (const changed of subscribers) changed()
  }
  const ended = (async () => {
    while (!signal.aborted) {
      await listen(connection, signal, tell).catch((error: Error) => {
        if (!signal.aborted) log.warn({ reason: error.message }, 'live updates wait for the database')
      })
      await sleep(AGAIN_MS, undefined, { signal }).catch(() => {})
    }
  })()
  return {
    signal,
    subscribe: (changed) => {
      subscribers.add(changed)
      return () => subscribers.delete(changed)
    },
    stop: () => {
      stopping.abort()
      return ended
    },
  }
}

// Until the connection is lost or the process stops. Silence proves nothing, so the connection is asked now and then.
async function listen(connection: pg.ClientConfig, signal: AbortSignal, tell: () => void): Promise<void> {
  const client = new pg.Client({
    ...connection,
    connectionTimeoutMillis: ANSWER_WITHIN_MS,
    query_timeout: ANSWER_WITHIN_MS,
    keepAlive: true,
  })
  const lost = new AbortController()
  client.on('error', (error) => lost.abort(error))
  client.on('end', () => lost.abort(new Error('the connection ended')))
  client.on('notification', tell)
  const over = AbortSignal.any([signal, lost.signal])
  try {
    await client.connect()
    await client.query(`listen ${CHANNEL}`)
    tell()
    for (;;) {
      await sleep(LOOK_EVERY_MS, undefined, { signal: over })
      await client.query('select 1')
    }
  } finally {
    await client.end().catch(() => {})
  }
}
