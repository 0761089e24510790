import { readAdverts } from './formats.ts'
import type { AdvertReading } from './read-advert.ts'

const ADDRESS = 'https://opendata.trudvsem.ru/api/v1/vacancies'
const PAGE_SIZE = 100
// Page 100 and any page past the end answer 500: 10,000 newest adverts of a region are all that can be had.
const PAGES = 100
const TRIES = 4
const TIMEOUT_MS = 30_000
const TOO_LARGE = 20_000_000

/** Where a fetch stands: kept after each page, it goes on from there. `page` counts from 0. */
export type TrudvsemCursor = { region: string | null; page: number }

/** One page of the portal: its adverts, and where to go on after it; null when it was the last. */
export type TrudvsemPage = { adverts: AdvertReading[]; next: TrudvsemCursor | null }

/** The portal did not answer, or answered what it never answers. `cursor`: the page that failed. */
export class TrudvsemUnavailable extends Error {
  readonly cursor: TrudvsemCursor
  constructor(message: string, cursor: TrudvsemCursor, options?: ErrorOptions) {
    super(message, options)
    this.cursor = cursor
  }
}

export type TrudvsemQuery = {
  /** Codes of regions (13 digits), taken one after another; none: the whole country's newest. */
  regions?: readonly string[]
  /** Adverts changed on this day or later. The newest stand first, so the fetch of a region ends at the first older page. */
  since?: Temporal.PlainDate
  /** Go on from here. */
  from?: TrudvsemCursor
  today: Temporal.PlainDate
  fetch?: typeof globalThis.fetch
  address?: string
  /** Milliseconds between two pages, and before the first repetition; it doubles with each. */
  pause?: number
  signal?: AbortSignal
}

/**
 * The portal's open data (trudvsem.ru), page by page. `offset` is the number of a page, not of a record.
 * @throws TrudvsemUnavailable after four tries of a page
 */
export async function* fetchTrudvsem(query: TrudvsemQuery): AsyncGenerator<TrudvsemPage> {
  const regions: readonly (string | null)[] = query.regions?.length ? query.regions : [null]
  const start = Math.max(0, regions.indexOf(query.from?.region ?? null))
  for (const [at, region] of regions.entries()) {
    if (at < start) continue
    let page = at === start ? (query.from?.page ?? 0) : 0
    const following = at + 1 < regions.length ? { region: regions[at + 1]!, page: 0 } : null
    for (; page < PAGES; page++) {
      const adverts = await fetchPage(query, { region, page })
      const last = adverts.length < PAGE_SIZE || page === PAGES - 1 || isOld(adverts, query.since)
      const wanted = adverts.filter((reading) => !isOld([reading], query.since))
      if (wanted.length > 0 || !last) yield { adverts: wanted, next: last ? following : { region, page: page + 1 } }
      if (last) break
      await pause(query.pause ?? 1_000, query.signal)
    }
  }
}

// A page past the end answers 500, so a lasting 500 after the first page is the end and no failure.
async function fetchPage(query: TrudvsemQuery, cursor: TrudvsemCursor): Promise<AdvertReading[]> {
  const region = cursor.region ? `/region/${encodeURIComponent(cursor.region)}` : ''
  const url = `${query.address ?? ADDRESS}${region}?offset=${cursor.page}&limit=${PAGE_SIZE}`
  let failure: unknown
  for (let attempt = 0; attempt < TRIES; attempt++) {
    if (attempt > 0) await pause((query.pause ?? 1_000) * 2 ** (attempt - 1), query.signal)
    try {
      const signals = [AbortSignal.timeout(TIMEOUT_MS), query.signal].filter((signal) => signal !== undefined)
      const response = await (query.fetch ?? globalThis.fetch)(url, {
        redirect: 'error',
        headers: { accept: 'application/json' },
        signal: AbortSignal.any(signals),
      })
      if (response.status === 500 && cursor.page > 0 && attempt > 0) return []
      if (!response.ok) throw new Error(`the portal answered ${response.status}`)
      const body = await response.text()
      if (body.length > TOO_LARGE) throw new Error('the answer is too large')
      return readAdverts(JSON.parse(body), query.today)
    } catch (error) {
      query.signal?.throwIfAborted()
      failure = error
    }
  }
  throw new TrudvsemUnavailable(
    `no answer for page ${cursor.page}${cursor.region ? ` of region ${cursor.region}` : ''}`,
    cursor,
    { cause: failure },
  )
}

// Undated or unreadable adverts decide nothing.
function isOld(adverts: readonly AdvertReading[], since: Temporal.PlainDate | undefined): boolean {
  const changed = adverts.flatMap((reading) => (reading.ok ? (reading.advert.modified_on ?? []) : []))
  return since !== undefined && changed.length > 0 && changed.every((day) => Temporal.PlainDate.compare(day, since) < 0)
}

function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(done, milliseconds)
    const stop = () => {
      clearTimeout(timer)
      reject(signal!.reason)
    }
    function done() {
      signal?.removeEventListener('abort', stop)
      resolve()
    }
    if (signal?.aborted) return stop()
    signal?.addEventListener('abort', stop, { once: true })
  })
}
