export type { Board, Panel } from './board.ts'
export { boards } from './boards/index.ts'
