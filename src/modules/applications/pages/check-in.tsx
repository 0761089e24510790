import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { readForm } from '#kernel/http/forms.ts'
import { CaseForm, defineCasePage, overview, type Said } from '#kernel/my-case/pages/my-case.tsx'
import type { OpenedCase } from '#kernel/my-case/tickets.ts'
import { Card } from '#kernel/ui/blocks.tsx'
import { Button } from '#kernel/ui/buttons.tsx'
import { CheckboxField, RadioGroup } from '#kernel/ui/choices.tsx'
import { HiddenField } from '#kernel/ui/fields.tsx'
import { pathOf } from '#kernel/ui/navigation.ts'
import { answerCheckIn, type CheckIn } from '../check-ins.ts'

const yesNo = (message: string) => z.enum(['yes', 'no'], message)
const Form = z.object({
  placement: z.uuid(),
  day: z.coerce.number().int(),
  paid: yesNo('applications.check_in.answer_both'),
  papers: yesNo('applications.check_in.answer_both'),
  call: z.literal('yes').optional(),
})

/** The question of the day: is the person paid, are the papers with them? */
export function CheckInCard({ ctx, opened, checkIn }: { ctx: Ctx; opened: OpenedCase; checkIn: CheckIn }) {
  const { t } = ctx
  const options = (['yes', 'no'] as const).map((value) => ({ value, label: t(`applications.check_in.${value}`) }))
  const id = (name: string) => `${name}-${checkIn.placement_id}-${checkIn.day}`
  return (
    <Card near>
      <h2>{t('applications.check_in.title', { days: checkIn.day })}</h2>
      <p>
        <b lang={checkIn.lang}>{checkIn.title}</b>
      </p>
      <CaseForm ctx={ctx} opened={opened} path="check-in" class="flow">
        <HiddenField name="placement" value={checkIn.placement_id} />
        <HiddenField name="day" value={checkIn.day} />
        <RadioGroup id={id('paid')} name="paid" label={t('applications.check_in.paid')} options={options} />
        <RadioGroup id={id('papers')} name="papers" label={t('applications.check_in.papers')} options={options} />
        <CheckboxField
          id={id('call')}
          name="call"
          label={t('applications.check_in.call')}
          hint={t('applications.check_in.call_hint')}
        />
        <Button>{t('applications.check_in.send')}</Button>
      </CaseForm>
    </Card>
  )
}

/** Takes the answer; a "no" shows at once who helps. */
export const checkInPage = defineCasePage('check-in', async (ctx, c, opened, form) => {
  const read = readForm(Form, form)
  if (!read.ok) {
    c.status(422)
    return overview(ctx, opened, { state: 'stop', title: ctx.t('applications.check_in.answer_both') })
  }
  const { placement, day, paid, papers, call } = read.value
  const answer = { placement, day, paid: paid === 'yes', papers: papers === 'yes', call: call === 'yes' }
  const wrong = await answerCheckIn(ctx, opened, answer)
  return overview(ctx, opened, said(ctx, wrong.length > 0, answer.call))
})

function said(ctx: Ctx, isWrong: boolean, call: boolean): Said {
  const { t } = ctx
  if (!isWrong) return { state: 'ok', title: t('applications.check_in.thanks') }
  return {
    state: 'attention',
    title: t('applications.check_in.not_right'),
    text: (
      <>
        {t(call ? 'applications.check_in.will_call' : 'applications.check_in.help_text')}{' '}
        <a href={pathOf(ctx, '/help')}>{t('applications.check_in.help')}</a>
      </>
    ),
  }
}
