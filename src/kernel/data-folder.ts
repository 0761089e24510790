import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { access, link, mkdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { CannotStart } from './cannot-start.ts'

/**
 * Creates the data folder where it is missing and returns its real path.
 * @throws CannotStart when it cannot be written.
 */
export async function openDataFolder(path: string): Promise<string> {
  const folder = resolve(path)
  await makeFolder(folder).catch(refuseFolder(folder))
  await access(folder, constants.W_OK | constants.X_OK).catch(refuseFolder(folder))
  return realpath(folder)
}

/** Turns a failure to write into `folder` into a sentence. */
export const refuseFolder = (folder: string) => (error: NodeJS.ErrnoException) => {
  throw new CannotStart(
    `The data folder ${folder} cannot be written (${error.code}): choose another with HAMSAFAR_DATA.`,
  )
}

/**
 * The secret key of an installation outside production: made once, kept in the data folder, readable by its owner only.
 * Production brings its own (HAMSAFAR_SECRET_KEY), so that a copied data folder does not carry the key to itself.
 */
export async function localSecretKey(dataFolder: string): Promise<string> {
  const file = join(dataFolder, 'secret-key')
  const read = () => readFile(file, 'utf8').then((text) => text.trim())
  return read().catch(async (error) => {
    if (error.code !== 'ENOENT') throw new CannotStart(`The secret key in ${file} cannot be read (${error.code}).`)
    // Written aside and linked into place: the key is never seen half written, and the first of two processes wins.
    const draft = `${file}.${process.pid}`
    await writeFile(draft, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600 }).catch(refuseFolder(dataFolder))
    await link(draft, file).catch((failure) => {
      if (failure.code !== 'EEXIST') refuseFolder(dataFolder)(failure)
    })
    await rm(draft)
    return read()
  })
}

/** Gives a data folder that has none the secret key of the installation it continues. */
export async function keepSecretKey(dataFolder: string, key: string): Promise<void> {
  await writeFile(join(dataFolder, 'secret-key'), `${key}\n`, { mode: 0o600, flag: 'wx' }).catch((error) => {
    if (error.code !== 'EEXIST') refuseFolder(dataFolder)(error)
  })
}

// Like `mkdir -p`. Node's own `recursive` never returns below /proc, where every new folder is ENOENT.
// 0711: the database's own user has to pass through when we are root; nobody else can list.
async function makeFolder(folder: string): Promise<void> {
  const make = () =>
    mkdir(folder, { mode: 0o711 }).catch((error) => {
      if (error.code !== 'EEXIST') throw error
    })
  await make().catch(async (error) => {
    if (error.code !== 'ENOENT' || dirname(folder) === folder) throw error
    await makeFolder(dirname(folder))
    await make()
  })
}
