// What other modules may use of the applications.

export { hiresBetween } from './hires.ts'
export { SKILLS, skillsAsked, skillsOfSeekers, skillWords } from './skills.ts'
