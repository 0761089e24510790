import { existsSync, readFileSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

const SYSTEM = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--font-render-hinting=none',
  // Chromium would keep making processes for pages to come, which costs as much as looking at the pages.
  '--renderer-process-limit=1',
]

/**
 * A Chromium with a fresh profile: the system's if there is one, else the one that npm brought along. `packed`, or
 * HAMSAFAR_TEST_BROWSER=packed: the latter in any case.
 */
export async function launchBrowser(packed = process.env.HAMSAFAR_TEST_BROWSER === 'packed'): Promise<Browser> {
  const system = packed ? undefined : SYSTEM.find((path) => existsSync(path))
  if (system) return chromium.launch({ executablePath: system, args: ARGS })
  const folder = await unpack()
  const libraries = [join(folder, 'al2023/lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':')
  return chromium.launch({
    executablePath: join(folder, 'chromium'),
    args: ARGS,
    // Bare machines have neither its libraries (NSS) nor any font.
    env: {
      ...(process.env as Record<string, string>),
      LD_LIBRARY_PATH: libraries,
      FONTCONFIG_FILE: join(folder, FONTS),
    },
  })
}

const FONTS = 'fonts.conf'

/** Unpacks the npm package's browser once, in a place of its own: it would take any file of that name in the temp folder. */
async function unpack(): Promise<string> {
  const home = dirname(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')))
  const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string }
  const folder = join(home, '../../.cache', `browser-${version}`)
  if (existsSync(folder)) return folder
  const draft = `${folder}.${process.pid}`
  await mkdir(draft, { recursive: true })
  const { inflate } = await import('@sparticuz/chromium')
  const before = process.env.TMPDIR
  process.env.TMPDIR = draft
  try {
    const parts = ['chromium.br', 'fonts.tar.br', 'swiftshader.tar.br', 'al2023.tar.br']
    await Promise.all(parts.map((part) => inflate(join(home, 'bin', part))))
    // The package's own settings look for the fonts in fixed places. Without any the browser ends.
    await writeFile(
      join(draft, FONTS),
      '<?xml version="1.0"?><fontconfig><dir prefix="relative">fonts</dir></fontconfig>',
    )
    await rename(draft, folder)
  } catch (error) {
    if (!existsSync(folder)) throw error // else another test file was faster
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
    await rm(draft, { recursive: true, force: true })
  }
  return folder
}
