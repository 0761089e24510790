import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bench } from '../scripts/bench.ts'
import { freePort, killAll } from '../test/process.ts'
import { openClient } from './load/client.ts'
import { familyOf } from './load/memory.ts'
import { adverts, command, postgresPid, rowsOf, signInOfficer, startServer, untilReady } from './load/server.ts'
import { percentiles } from './search/percentiles.ts'

const REPORTERS = 12
const OFFICERS = 4
/** Rest between two kills; more than five kills of PostgreSQL in a minute would count as one that keeps stopping. */
const UNDER_LOAD_MS = 7_000
const RECOVERED_SECONDS = 60
const TARGET_MS = 5_000

/**
 * Kills PostgreSQL and Node in turn, each `times` times and with SIGKILL, while clients write; what `npm start` runs is
 * started again when Node was killed. Every write that was acknowledged (complaints with a story of their own, decisions
 * and what took them back) must be there afterwards, nothing twice, and each decision once in the audit. Exit code 1
 * when a write is lost or doubled, the audit is not sound, or getting ready took longer than five seconds.
 */
const bench: Bench = async ({ times = 10, say }) => {
  const folder = mkdtempSync(join(tmpdir(), 'hamsafar-crashes-'))
  const acknowledged = { report: new Set<string>(), decision: new Set<string>(), undo: new Set<string>() }
  const statuses: Record<string, number> = {}
  let writing = true
  try {
    const port = await freePort()
    let server = await startServer(folder, port)
    const cookie = await signInOfficer(folder, port, server)
    const { listed, waiting } = await adverts(folder, port)
    const { ask, close } = recorded(port, statuses)

    const reporter = async (number: number) => {
      for (let round = 0; writing; round++) {
        const story = `crash ${number}-${round}`
        const path = `/tg/vacancies/${listed[(number + round * REPORTERS) % listed.length]}/report`
        if (await ask(number, path, { form: { reason: 'other', story } })) acknowledged.report.add(story)
      }
    }
    const officer = async (number: number) => {
      const mine = waiting.filter((_, at) => at % OFFICERS === number)
      for (let round = 0; writing; round++) {
        const note = `crash ${number}-${round}`
        const path = `/ru/work/vacancies/review/${mine[round % mine.length]}`
        const form = { decision: round % 2 ? 'publish' : 'reject', occupation: '', note }
        const decided = await ask(REPORTERS + number, path, { cookie, form })
        if (decided) acknowledged.decision.add(note)
        // An answer that is missing leaves it open whether there is a decision: taking back mends both.
        const undone = await ask(REPORTERS + number, `${path}/undo`, { cookie, form: {} })
        if (decided && undone) acknowledged.undo.add(note)
      }
    }
    const load = Promise.all([
      ...Array.from({ length: REPORTERS }, (_, at) => reporter(at)),
      ...Array.from({ length: OFFICERS }, (_, at) => officer(at)),
    ])

    const took: Record<'postgres' | 'node', number[]> = { postgres: [], node: [] }
    const outputs: string[] = []
    for (let round = 1; round <= times; round++) {
      for (const victim of ['postgres', 'node'] as const) {
        await rest(UNDER_LOAD_MS)
        const began = performance.now()
        if (victim === 'node') {
          server.child.kill('SIGKILL')
          await server.ended
          outputs.push(server.output())
          server = await startServer(folder, port)
        } else {
          const before = postgresPid(folder)
          for (const pid of familyOf(before)) kill(pid)
          while (isSame(folder, before)) {
            if (server.child.exitCode !== null) throw new Error(`The server ended with PostgreSQL:\n${server.output()}`)
            await rest(5)
          }
          await untilReady(port, RECOVERED_SECONDS)
        }
        took[victim].push(performance.now() - began)
        say(`${victim} ${round}: ready after ${Math.round(took[victim].at(-1)!)} ms ${JSON.stringify(statuses)}`)
      }
    }
    await rest(UNDER_LOAD_MS)
    writing = false
    await load
    close()

    const audit = (await command(folder, ['audit', 'verify'])) as { ok: boolean }
    const found = await whatIsThere(folder)
    server.child.kill('SIGTERM')
    const exit = await server.ended
    for (const line of [...outputs, server.output()].join('\n').split('\n')) if (line.startsWith('{')) say(line)

    const lost = (Object.keys(acknowledged) as (keyof typeof acknowledged)[]).flatMap((kind) =>
      [...acknowledged[kind]].filter((what) => !found[kind].includes(what)).map((what) => `${kind} ${what}`),
    )
    const doubled = (['report', 'decision'] as const).flatMap((kind) =>
      found[kind].filter((what, at) => found[kind].indexOf(what) !== at).map((what) => `${kind} ${what}`),
    )
    for (const what of lost) say(`LOST: ${what}`)
    for (const what of doubled) say(`DOUBLED: ${what}`)
    const slowest = Math.max(...took.postgres, ...took.node)
    const sound = audit.ok && found.unaudited === 0 && exit === 0
    if (lost.length > 0 || doubled.length > 0 || !sound || slowest > TARGET_MS) process.exitCode = 1
    return {
      times,
      acknowledged: Object.fromEntries(Object.entries(acknowledged).map(([kind, { size }]) => [kind, size])),
      kept: { report: found.report.length, decision: found.decision.length, undo: found.undo.length },
      lost: lost.length,
      doubled: doubled.length,
      unaudited: found.unaudited,
      audit_sound: audit.ok ? 'yes' : 'no',
      postgres_ready: percentiles(took.postgres),
      node_ready: percentiles(took.node),
      statuses,
      exit,
    }
  } finally {
    writing = false
    killAll()
    rmSync(folder, { recursive: true, force: true })
  }
}
export default bench

/** Clients by number. Answers whether a form was taken; what went wrong is counted, and followed by a short rest. */
function recorded(port: number, statuses: Record<string, number>) {
  const clients = new Map<number, ReturnType<typeof openClient>>()
  return {
    async ask(number: number, path: string, sent: { cookie?: string; form: Record<string, string> }): Promise<boolean> {
      const client = clients.get(number) ?? openClient(port)
      clients.set(number, client)
      const status = await client.ask(path, sent).then(
        (answer) => answer.status,
        (error: NodeJS.ErrnoException) => error.code ?? error.message,
      )
      statuses[status] = (statuses[status] ?? 0) + 1
      await rest(status === 303 ? 20 : 50)
      return status === 303
    },
    close: () => clients.forEach((client) => client.close()),
  }
}

/** Every story and note that came in, once for each time it is there; and how many acts and audit lines have no partner. */
async function whatIsThere(folder: string) {
  const list = async (query: string) => (await rowsOf<{ what: string }>(folder, query)).map(({ what }) => what)
  const decisions = `select distinct vacancy_id, note as what, decided_at, undone_at from vacancies.review where note like 'crash %'`
  const [report, decision, undo, [count]] = await Promise.all([
    list(`select story as what from vacancies.report where story like 'crash %'`),
    list(decisions),
    list(`select what from (${decisions}) d where undone_at is not null`),
    rowsOf<{ decided: number; undone: number }>(
      folder,
      `select count(*) filter (where action in ('vacancy.publish', 'vacancy.reject'))::int as decided,
         count(*) filter (where action = 'vacancy.undo')::int as undone from audit.entry`,
    ),
  ])
  const unaudited = Math.abs(count!.decided - decision.length) + Math.abs(count!.undone - undo.length)
  return { report, decision, undo, unaudited }
}

function isSame(folder: string, pid: number): boolean {
  try {
    return postgresPid(folder) === pid
  } catch {
    return true
  }
}

/** Its children may be gone already when their turn comes. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {}
}

const rest = (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds))
