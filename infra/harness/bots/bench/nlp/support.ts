export { default } from '@botyard/example-bots/support'
