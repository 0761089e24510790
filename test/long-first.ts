import { BaseSequencer, type TestSpecification } from 'vitest/node'

// Their names say so; see CONTRIBUTING.md.
const LONG = /\.(browser|embedded)\.test\.ts$/

/**
 * What drives browsers and starts servers takes minutes, however short the file: it begins first, so that no core waits for it at
 * the end. A first run knows no durations and would go by size.
 */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { long = [], short = [] } = Object.groupBy(await super.sort(files), ({ moduleId }) =>
      LONG.test(moduleId) ? 'long' : 'short',
    )
    return [...long, ...short]
  }
}
