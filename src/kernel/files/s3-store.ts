import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from '../config.ts'
import type { FileStore } from './store.ts'

/** Files in a bucket of Amazon S3 or of anything that speaks like it (MinIO, Ceph, Garage): `files/ID`. */
export function s3Store(config: Partial<Config>): FileStore {
  const Bucket = config.HAMSAFAR_S3_BUCKET!
  // Loaded when it is needed: most installations keep their files in a folder.
  let connected: ReturnType<typeof connect> | undefined
  const service = () => (connected ??= connect(config))
  const named = (id: string) => ({ Bucket, Key: `${PREFIX}${id}` })
  return {
    async put(id, path, { size, sha256 }) {
      const { client, sdk } = await service()
      const send = async () => {
        const Body = createReadStream(path)
        const command = new sdk.PutObjectCommand({ ...named(id), Body, ContentLength: size, ContentType: TYPE })
        // The hash becomes part of the signature: the service refuses bytes that were changed on the way.
        command.middlewareStack.add(
          (next) => (args) => {
            const { headers } = args.request as { headers: Record<string, string> }
            headers['x-amz-content-sha256'] = sha256.toString('hex')
            return next(args)
          },
          { step: 'build' },
        )
        await client.send(command).finally(() => Body.destroy())
      }
      await retried(send)
      await rm(path)
    },
    async get(id) {
      const { client, sdk } = await service()
      try {
        const { Body } = await client.send(new sdk.GetObjectCommand(named(id)))
        return Body as AsyncIterable<Uint8Array> | undefined
      } catch (error) {
        if (error instanceof sdk.NoSuchKey) return undefined
        throw error
      }
    },
    async remove(id) {
      const { client, sdk } = await service()
      await client.send(new sdk.DeleteObjectCommand(named(id)))
    },
    async *list() {
      const { client, sdk } = await service()
      let ContinuationToken: string | undefined
      do {
        const page = await client.send(new sdk.ListObjectsV2Command({ Bucket, Prefix: PREFIX, ContinuationToken }))
        for (const { Key, LastModified } of page.Contents ?? [])
          yield { id: Key!.slice(PREFIX.length), at: LastModified!.getTime() }
        ContinuationToken = page.NextContinuationToken
      } while (ContinuationToken)
    },
  }
}

const PREFIX = 'files/'
const TYPE = 'application/octet-stream'
const ATTEMPTS = 4

// The library tries everything again but streams, which it cannot read twice.
async function retried(send: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await send()
    } catch (error) {
      const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode
      if (attempt === ATTEMPTS || (status && status < 500)) throw error
      await sleep(100 * 3 ** attempt)
    }
  }
}

async function connect(config: Partial<Config>) {
  const sdk = await import('@aws-sdk/client-s3')
  const endpoint = config.HAMSAFAR_S3_ENDPOINT
  const client = new sdk.S3Client({
    region: config.HAMSAFAR_S3_REGION!,
    credentials: { accessKeyId: config.HAMSAFAR_S3_ACCESS_KEY!, secretAccessKey: config.HAMSAFAR_S3_SECRET_KEY! },
    // Outside Amazon buckets rarely have host names of their own, and newer checksums are not known everywhere.
    ...(endpoint && { endpoint, forcePathStyle: true }),
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: ATTEMPTS,
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  })
  return { sdk, client }
}
