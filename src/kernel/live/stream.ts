import type { Context, Hono } from 'hono'
import { sessionToken } from '../access/sessions.ts'
import { withActor } from '../access/transaction.ts'
import type { Deps, Env } from '../http/env.ts'
import { LANGUAGES } from '../i18n/languages.ts'
import { liveCounts } from '../ui/counts.ts'
import { peekSession } from './peek-session.ts'
import { roundsOf } from './rounds.ts'

const PATH = '/work/live'
const BEAT_MS = 20_000
/** How soon a browser comes back after the stream ended, apart from each other: a restart is met by all at once. */
const BACK_MS = 1_500

/**
 * `/{lang}/work/live`: a stream of events with the counts that stand in the reader's rail and bar, whenever they may
 * have changed. Nothing else goes out by it. It ends with the session, which an open stream does not keep alive.
 */
export function mountLive(app: Hono<Env>, deps: Deps): void {
  const rounds = roundsOf(deps)
  const answer = async (c: Context<Env>): Promise<Response> => {
    const token = sessionToken(c)
    const first = token && (await countsOf(deps, c, token))
    // Tells the browser not to come back: signed out, or nothing to be heard in this process.
    if (!token || !first || !deps.live || c.req.method !== 'GET')
      return c.body(null, 204, { 'Cache-Control': 'no-store' })
    return new Response(
      stream(deps.live.signal, rounds, first, () => countsOf(deps, c, token)),
      {
        headers: {
          'Content-Type': 'text/event-stream; charset=utf-8',
          'Cache-Control': 'no-store, no-transform',
          // nginx hands each event on at once.
          'X-Accel-Buffering': 'no',
        },
      },
    )
  }
  for (const lang of LANGUAGES) app.get(`/${lang}${PATH}`, answer as never)
}

/** The counts as an event's data; null when the session has ended. */
async function countsOf(deps: Deps, c: Context<Env>, token: string): Promise<string | null> {
  const now = deps.now?.() ?? Temporal.Now.instant()
  const actor = await peekSession(deps.db, token, now, c.var.lang)
  if (!actor) return null
  return withActor(
    deps.db,
    actor,
    async (db) => JSON.stringify(await liveCounts({ ...c.var.ctx, actor, db, now })),
    now,
  )
}

function stream(
  stopped: AbortSignal,
  rounds: ReturnType<typeof roundsOf>,
  first: string,
  look: () => Promise<string | null>,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let leave = () => {}
  return new ReadableStream({
    start(controller) {
      const say = (text: string) => controller.enqueue(encoder.encode(text))
      let last = first
      const round = async () => {
        const counts = await look()
        if (over) return
        if (counts === null) return end()
        if (counts !== last) say(`data: ${counts}\n\n`)
        last = counts
      }
      let over = false
      const leaveRounds = rounds.join(round)
      // A beat keeps the way open through proxies, and finds out whether the session still lives.
      const beat = setInterval(() => {
        say(': here\n\n')
        rounds.ask(round)
      }, BEAT_MS)
      leave = () => {
        over = true
        clearInterval(beat)
        leaveRounds()
        stopped.removeEventListener('abort', end)
      }
      const end = () => {
        if (over) return
        leave()
        controller.close()
      }
      stopped.addEventListener('abort', end)
      say(`retry: ${BACK_MS + Math.floor(Math.random() * BACK_MS)}\n\ndata: ${first}\n\n`)
      if (stopped.aborted) end()
    },
    cancel: () => leave(),
  })
}
