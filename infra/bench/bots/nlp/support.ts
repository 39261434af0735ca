export { default } from '@botyard/worker/bots/support'
