import { createReadStream } from 'node:fs'
import { mkdir, open, opendir, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { FileStore } from './store.ts'

/** Files in a folder, in 256 folders by the end of their ids, readable by the platform's own user only. */
export function localStore(folder: string): FileStore {
  const pathOf = (id: string) => join(folder, id.slice(-2), id)
  return {
    async put(id, path) {
      const place = pathOf(id)
      await mkdir(dirname(place), { recursive: true, mode: 0o700 })
      await flush(path)
      await rename(path, place)
      // The name, too, must outlive a power cut.
      await flush(dirname(place))
    },
    async get(id) {
      const found = await stat(pathOf(id)).catch(unlessMissing)
      return found && createReadStream(pathOf(id))
    },
    remove: (id) => rm(pathOf(id), { force: true }),
    async *list() {
      for (const group of await readdir(folder).catch(() => [])) {
        if (!/^[0-9a-f]{2}$/.test(group)) continue
        // Name by name: a group of a large store holds more names than one wants in memory.
        for await (const { name } of await opendir(join(folder, group))) {
          const found = await stat(join(folder, group, name)).catch(unlessMissing)
          if (found) yield { id: name, at: found.mtimeMs }
        }
      }
    },
  }
}

async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r')
  await handle.sync().finally(() => handle.close())
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
