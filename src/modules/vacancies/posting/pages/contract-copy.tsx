import type { Context } from 'hono'
import { z } from 'zod'
import { fileResponse } from '#kernel/files/response.ts'
import { readForm } from '#kernel/http/forms.ts'
import { definePage, seeOther } from '#kernel/http/page.ts'
import { Problem } from '#kernel/problem.ts'
import { getPublicVacancy, getVacancy } from '../../vacancies.ts'
import {
  attachContractCopy,
  contractCopyOf,
  MOST_BYTES,
  openContractCopy,
  removeContractCopy,
} from '../contract-copy.ts'
import { getPosting } from '../postings.ts'
import { LIST } from './list.tsx'
import { EditPosting } from './posting.tsx'

// Of a body beside the file that it brings.
const ENVELOPE = 64 * 1024
const referenceOf = (c: Context) => c.req.param('reference')!

const Upload = z.object({ contract_copy: z.instanceof(File, { error: 'vacancies.contract_copy.missing' }) })

/** The copy of the contract at one's own offer: saved by GET; attached, replaced or taken away by POST. */
export const ownContractCopyPage = definePage({
  path: `${LIST}/:reference/contract-copy`,
  access: 'vacancy.post',
  bodyLimit: MOST_BYTES + ENVELOPE,
  get: async (ctx, c) => fileResponse(ctx, await openContractCopy(ctx, await getPosting(ctx, referenceOf(c)))),
  async post(ctx, c, form) {
    const { reference } = await getPosting(ctx, referenceOf(c))
    if (form.get('act') === 'remove') {
      await removeContractCopy(ctx, reference)
      return seeOther(ctx, c, `${LIST}/${reference}?done=removed`)
    }
    const read = readForm(Upload, form)
    const wrong = read.ok ? await refusal(attachContractCopy(ctx, reference, read.value.contract_copy)) : 'missing'
    if (!wrong) return seeOther(ctx, c, `${LIST}/${reference}?done=attached`)
    c.status(422)
    const posting = await getPosting(ctx, reference)
    const copyError = ctx.t(`vacancies.contract_copy.${wrong}`)
    return <EditPosting ctx={ctx} posting={posting} content={posting.content} copyError={copyError} />
  },
})

// What is wrong with a file stands at its field instead of on a page of its own.
const refusal = (receiving: Promise<void>): Promise<'too_large' | 'unsupported' | 'invalid' | null> =>
  receiving.then(
    () => null,
    (error: unknown) => {
      const kind = error instanceof Problem ? error.kind : null
      if (kind === 'too_large' || kind === 'unsupported' || kind === 'invalid') return kind
      throw error
    },
  )

/** The copy at a public advert. What is closed, held or over has none. */
export const contractCopyPage = definePage({
  path: '/vacancies/:reference/contract-copy',
  access: 'public',
  get: async (ctx, c) => fileResponse(ctx, await openContractCopy(ctx, await getPublicVacancy(ctx, referenceOf(c)))),
})

/** The same for who reviews adverts, also of one that is held. */
export const reviewedContractCopyPage = definePage({
  path: '/work/vacancies/review/:reference/contract-copy',
  access: 'vacancy.review',
  get: async (ctx, c) => fileResponse(ctx, await openContractCopy(ctx, await getVacancy(ctx, referenceOf(c)))),
})
