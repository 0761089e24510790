// What other modules may use of the vacancies.

export { searchListings } from './listings.ts'
export { type AdvertWords, advertsOfferedBy, wordsOfAdverts } from './offered-by.ts'
export { whereWords } from './pages/listing-row.tsx'
export { payWords } from './pay.ts'
export { ContractCopy } from './posting/pages/contract-copy-panel.tsx'
export { countAdverts, firstOffered, medianPay } from './statistics.ts'
export { getPublicVacancy as openVacancy, type Vacancy } from './vacancies.ts'
export { type Arrival, arrivals, type Watch, watchOf } from './watching.ts'
