export { default } from '@botyard/example-bots/echo'
