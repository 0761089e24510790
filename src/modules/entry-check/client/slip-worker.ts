// Keeps the page that verifies slips for reading without network: page, style, script and icon of one language. The page's
// server names them in `SAVED` (`pages/verify.tsx`); its newest copy brings its newest list of revoked slips.

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

worker.addEventListener('install', (event) =>
  event.waitUntil(
    caches
      .open(name)
      .then((cache) => cache.addAll([new Request(page, { cache: 'no-cache' }), ...assets]))
      .then(() => worker.skipWaiting()),
  ),
)
worker.addEventListener('activate', (event) =>
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(
          names.filter((other) => other.startsWith(family) && other !== name).map((other) => caches.delete(other)),
        ),
      ),
  ),
)
worker.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== location.origin) return
  if (request.mode === 'navigate' && pathname === page) event.respondWith(newest(request))
  else if (assets.includes(pathname)) event.respondWith(saved(pathname).then((known) => known ?? fetch(request)))
})

const saved = async (path: string) => (await caches.open(name)).match(path)

async function newest(request: Request): Promise<Response> {
  try {
    return await fetch(request, { signal: AbortSignal.timeout(PATIENCE) })
  } catch (error) {
    const known = await saved(page)
    if (!known) throw error
    return known
  }
}
