import { readdirSync, readFileSync } from 'node:fs'

type Sample = { minute: number; node_mb: number; postgres_mb: number }

/**
 * Watches what a server and its PostgreSQL hold in memory, every two seconds: Node all that is resident, PostgreSQL what
 * its processes have for themselves (the pages that they share would count many times). Linux only.
 */
export function watchMemory(node: number, postgres: number) {
  const began = performance.now()
  const samples: Sample[] = []
  const take = () => {
    samples.push({
      minute: (performance.now() - began) / 60_000,
      node_mb: held(node, 'VmRSS'),
      postgres_mb: familyOf(postgres).reduce((sum, pid) => sum + held(pid, 'RssAnon'), 0),
    })
  }
  take()
  const timer = setInterval(take, 2000)
  return {
    /** First, largest and last MB; and MB a minute over the second half, when what is made once has been made. */
    stop() {
      clearInterval(timer)
      take()
      return { ...course(samples, 'node_mb'), ...course(samples, 'postgres_mb') }
    },
  }
}

/** A process and its children. */
export function familyOf(pid: number): number[] {
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(name) === pid)
  return [pid, ...children.map(Number)]
}

// The name of a program stands in brackets and may hold anything.
const parentOf = (pid: string) => Number(readProc(`${pid}/stat`).split(') ').at(-1)?.split(' ')[1])

const held = (pid: number, what: 'VmRSS' | 'RssAnon') =>
  Number(new RegExp(`${what}:\\s+(\\d+)`).exec(readProc(`${pid}/status`))?.[1] ?? 0) / 1024

function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'utf8')
  } catch {
    return '' // it has ended since
  }
}

function course(samples: readonly Sample[], of: 'node_mb' | 'postgres_mb') {
  const values = samples.map((sample) => sample[of])
  const slope = slopeOf(
    samples.slice(Math.floor(samples.length / 2)).map((sample) => [sample.minute, sample[of]] as const),
  )
  return {
    [`${of}_first`]: Math.round(values[0]!),
    [`${of}_most`]: Math.round(Math.max(...values)),
    [`${of}_last`]: Math.round(values.at(-1)!),
    [`${of}_a_minute`]: Math.round(slope * 100) / 100,
  }
}

// Least squares.
function slopeOf(points: readonly (readonly [number, number])[]): number {
  const mean = (at: 0 | 1) => points.reduce((sum, point) => sum + point[at], 0) / points.length
  const [x, y] = [mean(0), mean(1)]
  const above = points.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0)
  return above / (points.reduce((sum, [a]) => sum + (a - x) ** 2, 0) || 1)
}
