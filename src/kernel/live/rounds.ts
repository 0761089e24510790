import type { Deps } from '../http/env.ts'

type Round = () => Promise<void>

/** Changes come in bursts: they are gathered this long before anybody counts, and again between two counts. */
const GATHER_MS = 200

/**
 * Who is to count again after a change: everybody who joined, one after the other, so that a change costs one
 * connection for a moment and not as many as there are people.
 */
export function roundsOf({ live, log }: Deps) {
  const members = new Set<Round>()
  const waiting = new Set<Round>()
  let running = false
  const run = async () => {
    if (running) return
    running = true
    while (waiting.size > 0) {
      await new Promise((done) => setTimeout(done, GATHER_MS))
      const now = [...waiting]
      waiting.clear()
      for (const round of now) {
        // Whoever left meanwhile is not asked; whoever cannot be told is told at the next change or beat.
        if (members.has(round))
          await round().catch((error: Error) => log.warn({ reason: error.message }, 'a live update failed'))
      }
    }
    running = false
  }
  const ask = (round: Round) => {
    waiting.add(round)
    void run()
  }
  live?.subscribe(() => {
    for (const round of members) ask(round)
  })
  return {
    ask,
    join(round: Round) {
      members.add(round)
      return () => void members.delete(round)
    },
  }
}
