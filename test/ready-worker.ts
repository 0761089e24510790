import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ForksPoolWorker, type PoolOptions, type PoolRunnerInitializer } from 'vitest/node'

const LIBRARIES = pathToFileURL(join(import.meta.dirname, 'libraries.ts')).href

/** What was made ahead for the next run of each project that has run. */
const ready = new Map<PoolOptions['project'], ReadyWorker | undefined>()

class ReadyWorker extends ForksPoolWorker {
  override readonly name = 'ready'
  readonly #options: PoolOptions
  #started: Promise<void> | undefined

  constructor(options: PoolOptions) {
    super({ ...options, execArgv: [...options.execArgv, '--import', LIBRARIES] })
    this.#options = options
  }

  override start(): Promise<void> {
    this.#started ??= super.start()
    return this.#started
  }

  override async stop(): Promise<void> {
    await this.end()
    const { project } = this.#options
    if (!project.vitest.config.watch || ready.get(project)) return
    const next = new ReadyWorker(this.#options)
    ready.set(project, next)
    await next.start()
    next.on('exit', () => {
      if (ready.get(project) === next) ready.set(project, undefined)
    })
  }

  end(): Promise<void> {
    return super.stop()
  }
}

/**
 * Processes as Vitest's own, for an open loop: after a run the next one's first process is started and reads the libraries, while
 * somebody thinks. That is a quarter of what a save would wait for.
 */
export const readyWorkers: PoolRunnerInitializer = {
  name: 'ready',
  createPoolWorker(options) {
    const { project } = options
    if (!ready.has(project)) project.vitest.onClose(() => ready.get(project)?.end())
    const worker = ready.get(project) ?? new ReadyWorker(options)
    ready.set(project, undefined)
    return worker
  },
}
