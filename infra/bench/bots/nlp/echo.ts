export { default } from '@botyard/worker/bots/echo'
