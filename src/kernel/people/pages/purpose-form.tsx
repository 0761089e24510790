import { z } from 'zod'
import type { Ctx } from '../../context.ts'
import type { FormErrors, FormValues } from '../../http/forms.ts'
import { localPath } from '../../http/page.ts'
import { Crumb, Headline } from '../../ui/blocks.tsx'
import { Button, Buttons } from '../../ui/buttons.tsx'
import { RadioGroup } from '../../ui/choices.tsx'
import { ErrorSummary, errorTexts } from '../../ui/errors.tsx'
import { TextField } from '../../ui/fields.tsx'
import { WorkPage } from '../../ui/work-layout.tsx'
import { PURPOSES } from '../purposes.ts'
import { PEOPLE } from './search.tsx'

export const PurposeForm = z.object({
  purpose: z.enum(PURPOSES, 'people.search.purpose_missing'),
  words: z.string().max(300).optional(),
})

/** Whoever comes to a person by a way that did not ask why is asked here, before anything is shown. */
export function AskPurpose({
  ctx,
  reference,
  values = {},
  errors = {},
}: {
  ctx: Ctx
  reference: string
  values?: FormValues
  errors?: FormErrors
}) {
  const { t } = ctx
  const words = errorTexts(ctx, errors)
  const path = `${PEOPLE}/${reference}`
  return (
    <WorkPage ctx={ctx} title={t('people.why.title')} current={PEOPLE} path={path}>
      <Crumb href={localPath(ctx, PEOPLE)} label={t('people.search.title')}>
        <span class="code">{reference}</span>
      </Crumb>
      <Headline title={t('people.why.title')} lead={t('people.why.lead')} />
      <ErrorSummary ctx={ctx} errors={words} />
      <form method="post" action={localPath(ctx, path)} class="flow">
        <RadioGroup
          name="purpose"
          label={t('people.search.purpose')}
          options={PURPOSES.map((value) => ({ value, label: t(`people.code.purpose.${value}`) }))}
          value={values.purpose}
          error={words.purpose}
        />
        <TextField
          name="words"
          label={t('people.search.words')}
          value={values.words}
          error={words.words}
          maxlength={300}
        />
        <Buttons>
          <Button>{t('people.why.open')}</Button>
        </Buttons>
      </form>
    </WorkPage>
  )
}
