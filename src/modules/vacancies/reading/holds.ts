import { type Advert, TEXT_PARTS, type TextPart } from '../sources/advert.ts'
import { plain, type Sentence, sentencesOf, shorten } from './sentences.ts'

/** Why an advert is not shown before an officer has looked at it. */
type HoldReason = 'military'

/** A reason with what it rests on: the advert's own words, where they stand, and what they weigh: 3 decides alone. */
export type Hold = { reason: HoldReason; evidence: { part: TextPart | 'employer'; quote: string; weight: 1 | 3 }[] }

// What ordinary adverts say too: papers asked of every man, deferment, benefits of public employers, neighbours.
const ORDINARY =
  /отсрочк\p{L}*[^.;]{0,60}(?:мобилизаци\p{L}*|военн\p{L}* служб\p{L}*|призыв\p{L}*|арми\p{L}*)(?: по мобилизаци\p{L}*)?|брон\p{L}* от мобилизаци\p{L}*|военн\p{L}* билет\p{L}*|приписн\p{L}* (?:свидетельств\p{L}*|удостоверени\p{L}*)|(?:воинск|военн)\p{L}* уч[её]т\p{L}*|военн\p{L}* ипотек\p{L}*|военн\p{L}* (?:городок|городк\p{L}*|госпитал\p{L}*|прокурат\p{L}*|училищ\p{L}*|кафедр\p{L}*)|воинск\p{L}* (?:обязанност|звани)\p{L}*|отношени\p{L}* к (?:воинск|военн)\p{L}*|служб\p{L}* в армии|отслуж\p{L}*|(?:член|семь|супруг|жен|родственник|вдов)\p{L}*(?: семей)? (?:участник\p{L}* (?:сво|специальной военной операции)|военнослужащ\p{L}*|мобилизованн\p{L}*)|(?:квот|приветству|инвалид|трудоустройств)[^.;]{0,60}(?:участник|ветеран)\p{L}* (?:сво|боевых действий|специальной военной операции)|военн\p{L}* (?:стил|музе|истори|переводчик|техник музе)\p{L}*|бывш\p{L}* военнослужащ\p{L}*|military (?:veterans?|experience|background|spouses?)|u\.s\. veterans/gu

// One of these in the title or profession names the trade itself.
const TITLES =
  /(?<!\p{L})(?:военнослужащ|контрактник|солдат|рядовой|стрелок(?! (?:ведомств|вохр|военизир|охран|команд))|снайпер|гранатом[её]тчик|пулем[её]тчик|миномётчик|минометчик|артиллерист|штурмовик|десантник|разведчик(?! недр)|морск\p{L}* пех|мотострел|танкист|(?:механик-)?водитель (?:танка|бмп|бтр|боев)|боец (?!пожарн|скота)|доброволец|участник сво|росгвард|спецназ|военн\p{L}* служб|служб\p{L}* (?:военн\p{L}* )?по контракту|soldier|infantry|rifleman|sniper|mercenar|military service|serviceman|combatant|сарбоз|аскар(?!\p{L}*[её])|хизмат\p{L}* ҳарбӣ)/u

// Any one of these says that the job is to serve under arms.
const STRONG = [
  /контракт\p{L}* (?:с|со) (?:министерств\p{L}* обороны|минобороны|мо рф|росгварди|чвк)/u,
  /(?:заключ|подпис)\p{L}*[^.;]{0,30}контракт\p{L}*[^.;]{0,40}(?:военн|минобороны|министерств\p{L}* обороны|вооруженн\p{L}* сил)/u,
  /(?:военн\p{L}* служб\p{L}*|служб\p{L}* в (?:вооруженн\p{L}* силах|вс рф|армии рф|росгварди))[^.;]{0,20} по контракту|по контракту[^.;]{0,30}(?:в зон|вс рф|вооруженн)/u,
  /(?:в|на)(?: территори\p{L}*)? зон\p{L}* (?:проведения )?(?:сво(?!\p{L})|специальной военной операции|боевых действий)/u,
  /(?:участи|выполнени|отправк)\p{L}* (?:в |на )?(?:сво(?!\p{L})|специальн\p{L}* военн\p{L}* операци|боев\p{L}* (?:действи|задач|операци))/u,
  /служебно-боев\p{L}* задач|боев\p{L}* задач|штурмов\p{L}* (?:отряд|групп|подраздел)/u,
  /вооруженн\p{L}* (?:охран|служб)\p{L}*[^.;]{0,40}росгварди|росгварди\p{L}*[^.;]{0,60}(?:вооруженн|с оружием|боев)/u,
  /частн\p{L}* военн\p{L}* компани|(?:^|\W)чвк(?!\p{L})|добровольческ\p{L}* (?:отряд|корпус|батальон)/u,
  /\b(?:join|serve in|enlist in|contract with) the (?:\w+ )?(?:army|armed forces|military|ministry of defen[cs]e)\b|\bcombat (?:zone|missions?|operations)\b/u,
  /(?:шартнома|қарордод)[^.;]{0,30}(?:вазорати мудофиа|хизмати ҳарбӣ)|хизмати ҳарбӣ[^.;]{0,20}(?:шартнома|қарордод)|(?:дар|ба) минтақаи ҷанг|амалиёти ҳарбӣ/u,
] as const

// Any one of these stands in ordinary adverts; three different ones together do not.
const WEAK = [
  /(?:^|\W)сво(?!\p{L})|специальн\p{L}* военн\p{L}* операци/u,
  /ветеран\p{L}* боевых действий|участник\p{L}* боевых действий/u,
  /денежн\p{L}* довольстви|вещев\p{L}* (?:имуществ|довольстви)/u,
  /(?:единовременн|подъ[её]мн)\p{L}*[^.;]{0,40}(?:контракт|заключени)/u,
  /росгварди|вооруженн\p{L}* сил|министерств\p{L}* обороны|минобороны|воинск\p{L}* част|военн\p{L}* част/u,
  /(?:ношени|хранени|применени|владени)\p{L}*[^.;]{0,20}оружи|вооруженн\p{L}* охран|с оружием/u,
  /годн\p{L}* (?:к|по) (?:военн|состоянию)|категори\p{L}* годности/u,
  /пенси\p{L}* после (?:15|20|25) лет службы|льготн\p{L}* выслуг/u,
  /военно-медицинск|служебн\p{L}* жиль/u,
] as const
const WEAK_TOGETHER = 3

/**
 * Why an officer must look at this advert before it is shown; empty when nothing speaks for it. Military and armed service
 * stands among ordinary jobs at ordinary portals, and recruits migrants for war. One weak sign alone never decides: deferment
 * from mobilisation, a military ticket among the papers, a guard, a veterans' quota are found in ordinary jobs.
 */
export function readHolds(advert: Pick<Advert, TextPart | 'employer'>): Hold[] {
  const texts = [
    ...TEXT_PARTS.map((part) => [part, advert[part]] as const),
    ['employer', advert.employer?.name] as const,
  ]
  const parts = texts.flatMap(([part, text]) =>
    sentencesOf(text ?? '').map((sentence) => ({ part, ...withoutOrdinary(sentence) })),
  )
  const named = parts.filter(({ part, plain }) => (part === 'title' || part === 'profession') && TITLES.test(plain))
  const strong = parts.filter(({ plain }) => STRONG.some((pattern) => pattern.test(plain)))
  const weak = WEAK.flatMap((pattern) => parts.find(({ plain }) => pattern.test(plain)) ?? [])
  if (named.length === 0 && strong.length === 0 && weak.length < WEAK_TOGETHER) return []
  const weights = new Map([
    ...weak.map(({ quote }) => [quote, 1] as const),
    ...[...named, ...strong].map(({ quote }) => [quote, 3] as const),
  ])
  const found = new Map(
    [...named, ...strong, ...weak].map(({ part, quote }) => [
      quote,
      { part, quote: shorten(quote), weight: weights.get(quote)! },
    ]),
  )
  return [{ reason: 'military', evidence: [...found.values()].slice(0, 5) }]
}

const withoutOrdinary = ({ quote }: Sentence): Sentence => ({ quote, plain: plain(quote).replace(ORDINARY, ' · ') })
