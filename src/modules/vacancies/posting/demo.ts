import type { Ctx } from '#kernel/context.ts'
import { knownEmployers } from '#modules/employers/public.ts'
import { publishPosting } from './acts.ts'
import type { Content } from './content.ts'
import { createPosting } from './postings.ts'
import { takeIn } from './taking-in.ts'

const AT_HOME: Content = {
  ...{ title: 'Андовагари дохили бино', country: 'TJ', region: 'Душанбе', workplace: 'Душанбе, ноҳияи Фирдавсӣ' },
  ...{ pay_min: '3500', pay_max: '5000', pay_currency: 'TJS', pay_period: 'month', pay_tax: 'net', positions: '6' },
  ...{ duties: 'Андова ва рангмолии хонаҳои нав.\nТоза нигоҳ доштани ҷойи кор.', requirements: 'Таҷриба аз 1 сол.' },
  ...{
    schedule: 'Шаш рӯз дар ҳафта',
    hours: 'аз 8:00 то 17:00',
    contract: 'fixed_term',
    food: 'yes',
    transport: 'yes',
  },
  ...{ documents: 'Шиноснома', phone: '+992 000 00-00-01', takes: 'nothing' },
}

const ABROAD: Content = {
  ...{ title: 'Каменщик', country: 'RU', region: 'Тульская область', workplace: 'Тула, строительство жилого дома' },
  ...{ pay_min: '95000', pay_max: '120000', pay_currency: 'RUB', pay_period: 'month', pay_tax: 'net', positions: '12' },
  ...{ duties: 'Кладка стен из кирпича и блоков.', requirements: 'Опыт от двух лет. Русский язык.' },
  ...{ schedule: 'Пять дней в неделю', hours: 'с 8:00 до 17:00, обед час', contract: 'fixed_term', foreigners: 'yes' },
  ...{ accommodation: 'yes', food: 'yes', transport: 'yes', documents: 'Загранпаспорт\nПатент', takes: 'nothing' },
  ...{ pays_accommodation: 'employer', pays_food: 'employer', pays_travel: 'employer', pays_permit: 'worker' },
  ...{ pays_medical: 'employer', pays_training: 'employer', phone: '+992 000 00-00-02' },
}

/** The invented employer and the invented agency each offer work; the employer has begun another advert. Owner's connection. */
export async function postingsDemo(ctx: Ctx): Promise<void> {
  for (const { organisation_id, kind, sample } of await knownEmployers(ctx)) {
    if (!sample) continue
    const member = await ctx.db
      .selectFrom('access.membership')
      .select('user_id')
      .where('organisation_id', '=', organisation_id)
      .executeTakeFirst()
    if (!member) continue
    const poster: Ctx = {
      ...ctx,
      actor: {
        ...{ kind: 'staff', user_id: member.user_id, organisation_id, permissions: new Set(['vacancy.post']) },
        ...{ name: '', organisation_name: '', session_id: '' },
      },
    }
    const content = kind === 'agency' ? ABROAD : AT_HOME
    const { reference, version, id } = await createPosting(poster, content)
    const done = await publishPosting(poster, reference, content, version)
    if (!done.ok) throw new Error(`A demonstration offer is none: ${Object.keys(done.errors)}`)
    await takeIn(ctx, id)
    if (kind === 'employer') await createPosting(poster, { title: 'Барқчии сохтмон', country: 'TJ', region: 'Ваҳдат' })
  }
}
