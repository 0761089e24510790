import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { Api } from '../module.ts'
import { problem } from '../problem.ts'
import { clientCalls } from './clients.ts'
import type { Deps } from './env.ts'
import { cacheable } from './pages.ts'

const ProblemDocument = z
  .object({
    type: z.string(),
    title: z.string().openapi({ description: 'The kind of problem, in the reader’s language.' }),
    status: z.int(),
    detail: z.string(),
    errors: z
      .record(z.string(), z.string())
      .optional()
      .openapi({ description: 'What is wrong with which part of the request.' }),
  })
  .openapi('Problem', { description: 'RFC 9457' })

/** What any route may answer instead of what was asked for; 404 and 410 stand where a route names them. */
const PROBLEMS: Record<string, string> = {
  400: 'The request cannot be read',
  422: 'A parameter is wrong',
  429: 'Too many requests; Retry-After says when to come again',
  500: 'A fault here',
  503: 'The service cannot answer now; Retry-After says when to come again',
}

/**
 * The JSON API of all parts. Each route has one Zod declaration that validates, types and documents it
 * (`/api/openapi.json`). Reads need no key and are cached like public pages.
 */
export function createApi(deps: Deps): Api {
  const api: Api = new OpenAPIHono({
    defaultHook: (result) => {
      if (!result.success)
        throw problem('invalid', {
          errors: Object.fromEntries(result.error.issues.map((issue) => [issue.path.join('.'), issue.message])),
        })
    },
  })
  api.use('/api/v1/*', clientCalls(deps))
  api.use('/api/v1/*', async (c, next) => {
    await next()
    c.header('Access-Control-Allow-Origin', '*')
    if (['GET', 'HEAD'].includes(c.req.method)) c.res = await cacheable(c, c.res)
  })
  for (const part of deps.platform.parts) part.api?.(api)
  documentProblems(api)
  api.get('/api/openapi.json', (c) =>
    c.json(
      api.getOpenAPI31Document({
        openapi: '3.1.0',
        info: {
          title: 'Hamsafar',
          version: '1',
          description: 'Public data of the Hamsafar platform.',
          license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
        },
        servers: [{ url: deps.platform.config.origin }],
      }),
    ),
  )
  return api
}

/** Every failure of every route is the same document: routes declare what is their own. */
function documentProblems(api: Api): void {
  const content = { 'application/problem+json': { schema: ProblemDocument } }
  for (const definition of api.openAPIRegistry.definitions) {
    if (definition.type !== 'route') continue
    const own = Object.entries(definition.route.responses)
    const named = own.map(([status, response]) => [status, Number(status) < 400 ? response : { content, ...response }])
    const others = Object.entries(PROBLEMS).map(([status, description]) => [status, { description, content }])
    definition.route = { ...definition.route, responses: Object.fromEntries([...others, ...named]) }
  }
}
