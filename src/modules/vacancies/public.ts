// What other modules may use of the vacancies.

export { whereWords } from './pages/listing-row.tsx'
export { payWords } from './pay.ts'
export { countAdverts, firstOffered, medianPay } from './statistics.ts'
export { getPublicVacancy as openVacancy, type Vacancy } from './vacancies.ts'
export { type Arrival, arrivals, type Watch, watchOf } from './watching.ts'
