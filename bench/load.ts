import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bench } from '../scripts/bench.ts'
import { freePort, killAll } from '../test/process.ts'
import { openClient } from './load/client.ts'
import { watchMemory } from './load/memory.ts'
import { type Ask, bring, decide, visit } from './load/people.ts'
import { adverts, postgresPid, signInOfficer, startServer } from './load/server.ts'
import { percentiles } from './search/percentiles.ts'

/** How long a client rests between two requests, on average. */
const REST_MS = 250
const IMPORT_EVERY_MS = 15_000

/**
 * What `npm start` runs, for `minutes` under `clients` who read and write at once: one in sixteen is an officer who
 * decides and takes back, one brings adverts in, all others are the public. Figures: answers by status, times by kind,
 * memory. Ends with exit code 1 on any 5xx but 503, on a broken connection, and on an act that does not come through.
 */
const bench: Bench = async ({ minutes = 1, clients = 64, say }) => {
  const folder = mkdtempSync(join(tmpdir(), 'hamsafar-load-'))
  const times = new Map<string, number[]>()
  const statuses: Record<string, number> = {}
  const wrong: Record<string, number> = {}
  const note = (of: Record<string, number>, what: string | number) => {
    of[what] = (of[what] ?? 0) + 1
  }
  try {
    const port = await freePort()
    const server = await startServer(folder, port)
    const officer = await signInOfficer(folder, port, server)
    const { listed, waiting } = await adverts(folder, port)
    const officers = Math.max(2, Math.ceil(clients / 16))

    const until = performance.now() + minutes * 60_000
    const memory = watchMemory(server.child.pid!, postgresPid(folder))
    const client = async (number: number) => {
      const { ask: send, close } = openClient(port)
      const staff = number <= officers
      const ask: Ask = async (kind, path, form) => {
        const began = performance.now()
        const sent = { ...(staff && { cookie: officer }), ...(form && { form }) }
        const answer = await send(path, sent)
        note(statuses, answer.status)
        if (answer.status >= 400) note(wrong, `${answer.status} ${kind}`)
        times.set(kind, times.get(kind) ?? [])
        times.get(kind)!.push(performance.now() - began)
        if (kind !== 'import') await rest(2 * REST_MS * Math.random())
        return answer
      }
      // Each officer has adverts of their own: two who decide on one advert get in each other's way, rightly.
      const mine = waiting.filter((_, at) => at % (officers - 1) === number - 1)
      for (let round = 0; performance.now() < until; round++) {
        const act = async () => {
          if (number === officers)
            await bring(ask, `load-${round}`).then(() => rest(Math.min(IMPORT_EVERY_MS, until - performance.now())))
          else if (staff) await decide(ask, mine)
          else await visit(ask, listed, `load ${number}-${round}`)
        }
        await act().catch((error: Error) => note(wrong, `broken: ${error.message}`))
      }
      close()
    }
    const telling = setInterval(() => say(`${total(statuses)} answers, ${JSON.stringify(statuses)}`), 15_000)
    await Promise.all(Array.from({ length: clients }, (_, at) => client(at + 1)))
    clearInterval(telling)
    const figures = memory.stop()
    server.child.kill('SIGTERM')
    note(wrong, `exit ${await server.ended}`)
    delete wrong['exit 0']
    for (const line of server.output().split('\n')) if (line.startsWith('{')) say(line)
    for (const [kind, taken] of times) say(`${kind}: ${taken.length} × ${JSON.stringify(percentiles(taken))}`)
    if (Object.keys(wrong).some((what) => !/^(4..|503) /.test(what))) process.exitCode = 1
    return {
      minutes,
      clients,
      requests: total(statuses),
      rps: Math.round(total(statuses) / minutes / 60),
      statuses,
      wrong,
      ...percentiles([...times.values()].flat()),
      kinds: Object.fromEntries([...times].map(([kind, taken]) => [kind, percentiles(taken)])),
      ...figures,
    }
  } finally {
    killAll()
    rmSync(folder, { recursive: true, force: true })
  }
}
export default bench

const rest = (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds))
const total = (counts: Record<string, number>) => Object.values(counts).reduce((sum, count) => sum + count, 0)
