import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { LongFirst } from './test/long-first.ts'
import { nearestTests } from './test/nearest.ts'
import { readyWorkers } from './test/ready-worker.ts'

// Tests that need neither database nor browser: they read the sources only.
const READING = [
  'test/architecture.test.ts',
  'test/messages.test.ts',
  'test/messages-review.test.ts',
  'test/docs.test.ts',
  'test/deploy.test.ts',
  'test/nearest.test.ts',
]

// Another PostgreSQL is tried with what asks it something: not with what needs a browser, or starts the embedded one.
const BESIDE = process.env.HAMSAFAR_TEST_POSTGRES ? ['**/{*.browser,*.embedded,embedded}.test.ts'] : []

export default defineConfig({
  test: {
    // A single run has no time in which to make something ready.
    pool: process.argv.includes('run') ? 'forks' : readyWorkers,
    // One more than cores: files wait for servers and browsers more than they reckon.
    maxWorkers: availableParallelism() + 1,
    // Files of one worker share what they import; every file has its own database all the same.
    isolate: false,
    sequence: { sequencer: LongFirst },
    watchTriggerPatterns: [{ pattern: /\.(tsx?|json)$/, testsToRun: nearestTests }],
    // Browsers' tabs, on two cores.
    maxConcurrency: 3,
    testTimeout: 240_000,
    hookTimeout: 480_000,
    projects: [
      { extends: true, test: { name: 'fast', include: READING } },
      {
        extends: true,
        test: {
          name: 'whole',
          include: ['src/**/*.test.{ts,tsx}', 'test/**/*.test.{ts,tsx}'],
          exclude: [...READING, ...BESIDE],
          globalSetup: './test/global-setup.ts',
        },
      },
    ],
  },
})
