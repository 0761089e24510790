import { z } from 'zod'
import type { TestApp } from './app.ts'

type Schema = { [key: string]: unknown }
type Operation = {
  parameters?: { name: string; in: string; required?: boolean; schema?: Schema }[]
  responses?: Record<string, { description?: string; content?: Record<string, { schema?: Schema }> }>
}
type Document = {
  openapi: string
  info: Schema
  paths: Record<string, { get?: Operation; post?: Operation }>
  components?: { schemas?: Record<string, Schema> }
}

export type OpenApi = {
  document: Document
  /** What makes the document no OpenAPI 3.1. */
  faults: string[]
  /** What is wrong with an answer, by the document's schema for that path and status. */
  validate(path: string, status: number, body: unknown): string[]
}

/** The API's own description, read as a stranger would: from its address, by the rules of OpenAPI 3.1. */
export async function documentOf(site: Pick<TestApp, 'ask'>): Promise<OpenApi> {
  const document = (await (await site.ask('/api/openapi.json')).json()) as Document
  const schemas = new Map<string, z.ZodType>()
  return {
    document,
    faults: faultsOf(document),
    validate: (path, status, body) => {
      const key = `${path} ${status}`
      const kind = status < 400 ? 'application/json' : 'application/problem+json'
      const stated = document.paths[path]?.get?.responses?.[status]?.content?.[kind]?.schema
      if (!stated) return [`${key} is not documented`]
      const schema = schemas.get(key) ?? z.fromJSONSchema(closed(document, stated) as never)
      schemas.set(key, schema)
      return schema.safeParse(body).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? []
    },
  }
}

/** The schema with its references filled in; objects hold nothing that is not documented. */
function closed(document: Document, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => closed(document, one))
  if (typeof value !== 'object' || value === null) return value
  const { $ref, ...rest } = value as Schema
  if (typeof $ref === 'string') return closed(document, { ...component(document, $ref), ...rest })
  const parts = Object.fromEntries(Object.entries(rest).map(([key, part]) => [key, closed(document, part)]))
  if (Array.isArray(parts.allOf)) return merged(parts.allOf as Schema[])
  return parts.type === 'object' ? { additionalProperties: false, ...parts } : parts
}

// An object that extends another: what the parts say together.
const merged = (parts: Schema[]): Schema => ({
  type: 'object',
  properties: Object.assign({}, ...parts.map(({ properties }) => properties)),
  required: parts.flatMap(({ required }) => (required as string[] | undefined) ?? []),
  additionalProperties: false,
})

const component = (document: Document, ref: string): Schema | undefined => {
  const name = /^#\/components\/schemas\/([^/]+)$/.exec(ref)?.[1]
  return name === undefined ? undefined : document.components?.schemas?.[name]
}

function faultsOf(document: Document): string[] {
  const faults: string[] = []
  const must = (holds: unknown, fault: string) => holds || faults.push(fault)
  must(/^3\.1\.\d+$/.test(document.openapi), 'openapi is not 3.1')
  must(document.info?.title && document.info.version, 'info lacks title or version')
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    must(path.startsWith('/'), `${path} does not begin with a slash`)
    for (const [method, operation] of Object.entries(item as Record<string, Operation>)) {
      const at = `${method} ${path}`
      must(/^(get|put|post|delete|options|head|patch|trace)$/.test(method), `${at}: no such method`)
      const responses = Object.entries(operation.responses ?? {})
      must(responses.length > 0, `${at}: no responses`)
      for (const [status, response] of responses) {
        must(/^([1-5]\d\d|[1-5]XX|default)$/.test(status), `${at}: ${status} is no status`)
        must(response.description, `${at} ${status}: no description`)
      }
      const parameters = operation.parameters ?? []
      for (const { name, in: place, required, schema } of parameters) {
        must(['query', 'path', 'header', 'cookie'].includes(place), `${at}: ${name} is nowhere`)
        must(schema, `${at}: ${name} has no schema`)
        must(place !== 'path' || (required && path.includes(`{${name}}`)), `${at}: ${name} is not in the path`)
      }
      must(
        new Set(parameters.map(({ name, in: place }) => `${place} ${name}`)).size === parameters.length,
        `${at}: a parameter twice`,
      )
      for (const [, name] of path.matchAll(/\{(\w+)\}/g))
        must(
          parameters.some((one) => one.name === name && one.in === 'path'),
          `${at}: {${name}} is not declared`,
        )
    }
  }
  // Every reference leads somewhere, and no schema speaks the dialect of 3.0.
  JSON.stringify(document, (key, value) => {
    if (key === '$ref') must(component(document, value), `${value} leads nowhere`)
    if (key === 'nullable') faults.push('nullable belongs to OpenAPI 3.0')
    return value
  })
  return faults
}
