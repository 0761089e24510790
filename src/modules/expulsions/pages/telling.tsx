import type { Ctx } from '#kernel/context.ts'
import { LETTER_LANGUAGES } from '#kernel/letters/letters.ts'
import { LettersCard } from '#kernel/letters/pages/letter.tsx'
import { Card } from '#kernel/ui/blocks.tsx'
import { Button, Buttons } from '#kernel/ui/buttons.tsx'
import { SelectField } from '#kernel/ui/fields.tsx'
import { informingsOf, type Matter, WAYS } from '../informing.ts'

type Props = {
  ctx: Ctx
  matter: Matter
  reference: string /** Where the forms post to, with the language. */
  action: string
}

/** The printout to hand over, and the note that the person was told: by whom, when, how. */
export async function Telling({ ctx, matter, reference, action }: Props) {
  const { t, format } = ctx
  const told = await informingsOf(ctx, matter)
  return (
    <>
      <Card id="told">
        <h2>{t('expulsions.told.title')}</h2>
        <p class="quiet">{t('expulsions.told.lead')}</p>
        <form method="post" action={action}>
          <input type="hidden" name="act" value="letter" />
          <Buttons>
            {LETTER_LANGUAGES.map((lang) => (
              <Button kind="second" icon="print" name="lang" value={lang}>
                {t(`expulsions.told.letter.${lang}`)}
              </Button>
            ))}
          </Buttons>
        </form>
        {told.length === 0 && <p>{t('expulsions.told.nobody')}</p>}
        <ul class="flow">
          {told.map(({ at, way, by_name }) => (
            <li>
              <b>{t(`expulsions.code.way.${way}`)}</b>
              <p class="quiet">{[format.dateTime(at), by_name].filter(Boolean).join(' · ')}</p>
            </li>
          ))}
        </ul>
        <form method="post" action={action} class="flow">
          <input type="hidden" name="act" value="told" />
          <SelectField
            name="way"
            label={t('expulsions.told.way')}
            options={WAYS.map((value) => ({ value, label: t(`expulsions.code.way.${value}`) }))}
          />
          <Button kind="second" icon="s-ok">
            {t('expulsions.told.note')}
          </Button>
        </form>
      </Card>
      <LettersCard ctx={ctx} subject={{ type: matter.type, id: reference }} />
    </>
  )
}
