export { default } from '../answer/echo.ts'
