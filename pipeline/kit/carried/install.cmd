@echo off
rem Finds a Python this kit is for, and lets install.py do the work: install.cmd --help
setlocal
set "found=python"
for %%v in (@PYTHONS@) do (
    py -%%v -c "" >nul 2>nul
    if not errorlevel 1 set "found=py -%%v"
)
%found% "%~dp0install.py" %*
set "result=%errorlevel%"
if "%result%"=="9009" echo error: no Python @PYTHONS@ of 64 bit is on this machine. Install one and run install.cmd again.
if "%~1"=="" pause
exit /b %result%
