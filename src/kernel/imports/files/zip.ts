import { promisify } from 'node:util'
import { type Entry, fromBuffer, type ZipFile } from 'yauzl'
import { FileProblem } from './table.ts'

// What a workbook of 200,000 rows unpacks to; more is a mistake or an attack.
const UNPACKED_LIMIT = 384 * 2 ** 20
const ENTRY_LIMIT = 2_000

/** The files inside a packed file; each is unpacked when it is read, never beyond the size it declares. */
export type Zip = { has(path: string): boolean; read(path: string): AsyncGenerator<Buffer> }

/**
 * Looks into a ZIP file held in memory.
 *
 * @throws {FileProblem} when it is broken, locked with a password, or unpacks to more than a workbook may
 */
export async function openZip(bytes: Uint8Array): Promise<Zip> {
  const zip = await (promisify(fromBuffer) as (b: Buffer, o: object) => Promise<ZipFile>)(Buffer.from(bytes), {
    lazyEntries: true,
    autoClose: false,
  }).catch(refuse)
  const entries = new Map<string, Entry>()
  let unpacked = 0
  await new Promise<void>((resolve, reject) => {
    zip.on('error', reject)
    zip.on('end', resolve)
    zip.on('entry', (entry: Entry) => {
      unpacked += entry.uncompressedSize
      if (unpacked > UNPACKED_LIMIT || entries.size >= ENTRY_LIMIT) return reject(new FileProblem('bomb'))
      if (entry.generalPurposeBitFlag & 1) return reject(new FileProblem('password'))
      entries.set(entry.fileName.toLowerCase(), entry)
      zip.readEntry()
    })
    zip.readEntry()
  }).catch(refuse)

  return {
    has: (path) => entries.has(path.toLowerCase()),
    async *read(path) {
      const entry = entries.get(path.toLowerCase())
      if (!entry) return
      const open = promisify(
        zip.openReadStream.bind(zip) as (
          e: Entry,
          done: (error: Error | null, s: NodeJS.ReadableStream) => void,
        ) => void,
      )
      try {
        for await (const chunk of await open(entry)) yield chunk as Buffer
      } catch (error) {
        refuse(error)
      }
    },
  }
}

function refuse(error: unknown): never {
  throw error instanceof FileProblem ? error : new FileProblem('broken')
}
