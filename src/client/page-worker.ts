// Keeps one public page for reading without network: in one language, with its style sheet, script and icon, and nothing
// else. The page's server names them in `SAVED` (`src/kernel/http/saved-page.ts`).

type Waiting = Event & { waitUntil(work: Promise<unknown>): void }
type Asking = Event & { request: Request; respondWith(answer: Promise<Response>): void }
type Worker = {
  SAVED: { name: string; family: string; page: string; assets: string[] }
  skipWaiting(): Promise<void>
  addEventListener(type: 'install' | 'activate', act: (event: Waiting) => void): void
  addEventListener(type: 'fetch', act: (event: Asking) => void): void
}

const worker = self as unknown as Worker
const { name, family, page, assets } = worker.SAVED
/** A network that says nothing for so many milliseconds is none. */
const PATIENCE = 4_000

worker.addEventListener('install', (event) => event.waitUntil(save().then(() => worker.skipWaiting())))
worker.addEventListener('activate', (event) => event.waitUntil(forgetOlder()))
worker.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== location.origin) return
  if (request.mode === 'navigate' && pathname === page) event.respondWith(newest(request))
  else if (assets.includes(pathname)) event.respondWith(saved(pathname).then((known) => known ?? fetch(request)))
})

// All or nothing, so that the page never meets another's script. The page itself is asked for anew.
async function save() {
  const cache = await caches.open(name)
  await cache.addAll([new Request(page, { cache: 'no-cache' }), ...assets])
}

async function forgetOlder() {
  const names = await caches.keys()
  await Promise.all(
    names.filter((other) => other.startsWith(family) && other !== name).map((other) => caches.delete(other)),
  )
}

const saved = async (path: string) => (await caches.open(name)).match(path)

async function newest(request: Request): Promise<Response> {
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(), PATIENCE)
  try {
    return await fetch(request, { signal: stop.signal })
  } catch (error) {
    const known = await saved(page)
    if (!known) throw error
    return known
  } finally {
    clearTimeout(timer)
  }
}
