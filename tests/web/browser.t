#!/bin/sh
exec node tests/web/browser.mjs
