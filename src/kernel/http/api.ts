import { OpenAPIHono } from '@hono/zod-openapi'
import type { Api } from '../module.ts'
import { problem } from '../problem.ts'
import type { Deps } from './env.ts'
import { cacheable } from './pages.ts'

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
  api.use('/api/v1/*', async (c, next) => {
    await next()
    c.header('Access-Control-Allow-Origin', '*')
    if (c.req.method === 'GET') c.res = await cacheable(c, c.res)
  })
  for (const part of deps.platform.parts) part.api?.(api)
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
