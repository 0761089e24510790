import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Ctx } from '#kernel/context.ts'
import { importFile } from '#kernel/imports/import-file.ts'
import { ROOT } from '#kernel/root.ts'
import { vacanciesImport } from './import.ts'
import { postingsDemo } from './posting/demo.ts'
import { learnWords } from './reindexing.ts'

/** First data: real adverts of the Russian portal in each of its structures, and invented ones, labelled as such. */
const FILES = ['trudvsem.jsonl', 'trudvsem-api.json', 'trudvsem-bulk.json', 'demo.jsonl'] as const

/** Fills a demonstration by the importer itself. */
export async function vacanciesDemo(ctx: Ctx): Promise<void> {
  for (const name of FILES)
    await importFile(
      ctx,
      vacanciesImport,
      { name, bytes: readFileSync(join(ROOT, 'data/vacancies', name)) },
      { source: name === 'demo.jsonl' ? 'sample' : 'trudvsem' },
    )
  await postingsDemo(ctx)
  await learnWords(ctx)
}
